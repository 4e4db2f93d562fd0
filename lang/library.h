/*
 * The policies that come with Bylaw, as bytes in the program: stdlib/x.bylaw is "std/x".
 *
 * Generated into the build directory by lang/embed.sh, in the order of their names.
 */
#ifndef BL_LIBRARY_H
#define BL_LIBRARY_H

#include <stddef.h>

typedef struct bl_library_file {
    const char *path; /* "std/x" */
    const unsigned char *bytes;
    size_t size;
} bl_library_file;

extern const bl_library_file bl_library_files[];
extern const size_t bl_library_file_count;

#endif
