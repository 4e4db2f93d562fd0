/*
 * Standard output: collecting, writing in large pieces, and telling when the other side is gone or
 * the disk is full.
 */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void output_init(tool_output *output, int descriptor)
{
    output->descriptor = descriptor;
    output->error = 0;
    output->size = 0;
}

static void write_all(tool_output *output, const char *bytes, size_t size)
{
    while (size > 0 && !output->error) {
        ssize_t written = write(output->descriptor, bytes, size);
        if (written < 0) {
            if (errno != EINTR) output->error = errno;
            continue;
        }
        bytes += written;
        size -= (size_t)written;
    }
}

void output_flush(tool_output *output)
{
    write_all(output, output->bytes, output->size);
    output->size = 0;
}

void output_write(void *context, const char *bytes, size_t size)
{
    tool_output *output = context;
    if (size > OUTPUT_SIZE - output->size) output_flush(output);
    if (size > OUTPUT_SIZE) {
        write_all(output, bytes, size);
        return;
    }
    if (size == 0) return;
    memcpy(output->bytes + output->size, bytes, size);
    output->size += size;
}

void output_text(tool_output *output, const char *text)
{
    output_write(output, text, strlen(text));
}

bylaw_writer output_writer(tool_output *output)
{
    return (bylaw_writer){output_write, output};
}

bool output_finish(tool_output *output)
{
    output_flush(output);
    if (!output->error) return true;
    fprintf(stderr, "bylaw: cannot write the output: %s\n", strerror(output->error));
    return false;
}

static void write_escaped(tool_output *output, unsigned char byte)
{
    char escaped[8];
    snprintf(escaped, sizeof escaped, byte == '"' || byte == '\\' ? "\\%c" : "\\u%04x", byte);
    output_text(output, escaped);
}

void output_json_text(tool_output *output, bylaw_text text)
{
    output_text(output, "\"");
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '\n')
            output_text(output, "\\n");
        else if (byte < 0x20 || byte == '"' || byte == '\\')
            write_escaped(output, byte);
        else
            output_write(output, text.bytes + i, 1);
    }
    output_text(output, "\"");
}
