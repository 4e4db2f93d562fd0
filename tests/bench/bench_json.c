/*
 * How fast event lines are read: `bench_json FILE` prints, for the lines of FILE, the lines per
 * second of the reader, those of finding line ends alone, and how many times slower reading is.
 *
 * Each figure is the best of several passes over the whole file, in the same run, so that the
 * ratio holds on a loaded machine too. A line that is not read ends the run: it would be no
 * measure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "json.h"

#define PASS_COUNT 15

/* Takes each line; returns something that depends on all, so that no pass is optimised away. */
typedef uint64_t (*pass)(bl_text content, bl_arena *scratch);

static bl_text next_line(bl_text *rest)
{
    const char *end = memchr(rest->bytes, '\n', rest->size);
    const size_t size = end != NULL ? (size_t)(end - rest->bytes) : rest->size;
    const bl_text line = {rest->bytes, size};
    const size_t taken = end != NULL ? size + 1 : size;
    *rest = (bl_text){rest->bytes + taken, rest->size - taken};
    return line;
}

static uint64_t split_lines(bl_text content, bl_arena *scratch)
{
    (void)scratch;
    uint64_t sum = 0;
    while (content.size > 0)
        sum += next_line(&content).size;
    return sum;
}

static uint64_t read_lines(bl_text content, bl_arena *scratch)
{
    uint64_t sum = 0;
    while (content.size > 0) {
        bl_json value;
        bl_json_error error;
        const bl_text line = next_line(&content);
        bl_arena_reset(scratch);
        if (!bl_json_read(line, scratch, &value, &error)) {
            fprintf(stderr, "column %" PRIu32 ": %s\n%.*s\n", error.column, error.message,
                    (int)line.size, line.bytes);
            exit(1);
        }
        sum += value.count;
    }
    return sum;
}

static uint64_t nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static uint64_t best_time(pass run, bl_text content, bl_arena *scratch)
{
    volatile uint64_t sink = 0;
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < PASS_COUNT; i++) {
        const uint64_t start = nanoseconds();
        sink += run(content, scratch);
        const uint64_t taken = nanoseconds() - start;
        best = taken < best ? taken : best;
    }
    (void)sink;
    return best > 0 ? best : 1;
}

static bool read_file(const char *path, bl_buffer *content)
{
    static char block[1 << 16];
    FILE *file = fopen(path, "rb");
    if (file == NULL) return false;
    for (size_t size; (size = fread(block, 1, sizeof block, file)) > 0;)
        bl_buffer_bytes(content, block, size);
    const bool is_read = ferror(file) == 0;
    return fclose(file) == 0 && is_read && !content->failed;
}

int main(int argc, char **argv)
{
    bl_buffer content;
    bl_arena scratch;
    bl_buffer_init(&content, &bl_memory_default);
    bl_arena_init(&scratch, &bl_memory_default);
    if (argc != 2 || !read_file(argv[1], &content) || content.size == 0) {
        fprintf(stderr, "usage: bench_json FILE, with one JSON object a line\n");
        return 2;
    }
    const bl_text text = {content.bytes, content.size};
    uint64_t line_count = 0;
    for (bl_text rest = text; rest.size > 0; line_count++)
        next_line(&rest);
    const uint64_t splitting = best_time(split_lines, text, &scratch);
    const uint64_t reading = best_time(read_lines, text, &scratch);
    const uint64_t hundredths = reading * 100 / splitting;
    printf("%" PRIu64 " lines, %zu bytes each\n", line_count, text.size / line_count);
    printf("reading    %12" PRIu64 " lines/s\n", line_count * UINT64_C(1000000000) / reading);
    printf("splitting  %12" PRIu64 " lines/s\n", line_count * UINT64_C(1000000000) / splitting);
    printf("ratio      %9" PRIu64 ".%02" PRIu64 "\n", hundredths / 100, hundredths % 100);
    bl_arena_destroy(&scratch);
    bl_buffer_free(&content);
    return 0;
}
