/*
 * Ballot files: read whole, plain or .gz, with progress on a terminal; and the files that they
 * name, beside them.
 */
#ifndef TOOLS_BALLOT_FILE_H
#define TOOLS_BALLOT_FILE_H

#include "../../runtime/bylaw.h"

typedef struct ballot_file ballot_file;

/* "-" is standard input. NULL after telling on standard error why it cannot be read. */
ballot_file *ballot_file_open(const char *path, bool quiet);
/* It, and all it named. NULL is fine. */
void ballot_file_close(ballot_file *file);
const char *ballot_file_name(const ballot_file *file);
bylaw_text ballot_file_bytes(const ballot_file *file);
/* A bylaw_load: `context` is the ballot_file, which keeps what it loads. */
bool ballot_file_load(void *context, bylaw_text path, bylaw_text from, bylaw_text *shown,
                      bylaw_text *content);
/* For `progress` of bylaw_ballots_options: `context` is the ballot_file. */
void ballot_file_progress(void *context, size_t done, size_t all);
/* Takes away what progress has written. */
void ballot_file_quiet(ballot_file *file);

#endif
