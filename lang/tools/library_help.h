/*
 * Procedures of the library, for whoever asks what a name means.
 */
#ifndef TOOLS_LIBRARY_HELP_H
#define TOOLS_LIBRARY_HELP_H

#include "../../runtime/bylaw.h"

/* Writes each procedure of the library that is called so: where it is from, its text, and how to
 * use and read it. Between two of them, and first too where `is_more`, is an empty line. False
 * where there is none. */
bool library_help_write(bylaw_text name, bool is_more, bylaw_writer out);

#endif
