/*
 * Policies in compiled form: what is written is read back the same, and whatever the bytes are,
 * they are refused with words or run within the limits.
 *
 * Every policy of the library gets a story that does something of everything the policy knows. Each
 * byte of its compiled form is changed, the checksum put right, and what loads goes through the
 * story. BYLAW_CHANGES=all in the environment tries every byte with every value of a set; otherwise
 * a sample of them. Meant to run with sanitizers: they tell what a test cannot see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytecode.h"
#include "policy.h"

/* ---- texts ---- */

typedef struct text {
    char *bytes;
    size_t size;
} text;

static void add_bytes(void *context, const char *bytes, size_t size)
{
    text *to = context;
    to->bytes = realloc(to->bytes, to->size + size + 1);
    assert_non_null(to->bytes);
    memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    to->bytes[to->size] = '\0';
}

static void add(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(text *to, const char *format, ...)
{
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    assert_in_range(size, 0, sizeof line - 1);
    add_bytes(to, line, (size_t)size);
}

static bylaw_writer writer_to(text *to)
{
    return (bylaw_writer){add_bytes, to};
}

static bylaw_policy *compile(bylaw_text name)
{
    bylaw_text content;
    assert_true(bylaw_library_find(name, &content));
    const bylaw_compile_options options = {.name = name, .text = content};
    bylaw_policy *policy;
    assert_int_equal(bylaw_policy_compile(&options, &policy), BYLAW_OK);
    return policy;
}

static text written(const bylaw_policy *policy, bool strip)
{
    text file = {NULL, 0};
    assert_int_equal(bylaw_policy_write(policy, strip, writer_to(&file)), BYLAW_OK);
    return file;
}

static bylaw_status load(text file, text *why, bylaw_policy **out)
{
    const bylaw_load_options options = {.bytes = file.bytes,
                                        .size = file.size,
                                        .complaint = writer_to(why),
                                        .limits = {.memory_size = (size_t)64 << 20}};
    return bylaw_policy_load(&options, out);
}

/* ---- a story that does something of everything ---- */

static const char *const people[] = {"ana", "bo", "chi", "dee", "eli"};
enum { PEOPLE = sizeof people / sizeof *people };

static void add_value(text *story, bl_type type)
{
    static const char *const values[] = {[BL_BASE_NUMBER] = "3",
                                         [BL_BASE_BOOLEAN] = "true",
                                         [BL_BASE_TEXT] = "\"torch/nn/x.py\"",
                                         [BL_BASE_DURATION] = "\"2 days\"",
                                         [BL_BASE_TIME] = "\"2024-01-02\"",
                                         [BL_BASE_ACTOR] = "\"ana\"",
                                         [BL_BASE_INSTANCE] = "\"here\"",
                                         [BL_BASE_PROPOSAL] = "\"p0\"",
                                         [BL_BASE_LIST] = NULL};
    const char *value = type.base < BL_BASE_LIST ? values[type.base] : NULL;
    if (!value) value = "\"maintainer\"";
    add(story, type.is_list ? "[%s,%s]" : "%s", value, value);
}

static const char *name_of(const bl_program *program, uint32_t name)
{
    return bl_names_text(program->names, name).bytes; /* NUL-terminated */
}

static void add_fields(text *story, const bl_program *program, bl_range fields)
{
    for (uint32_t i = 0; i < fields.count; i++) {
        const bl_field *field = &program->fields[fields.first + i];
        add(story, ",\"%s\":", name_of(program, field->name));
        add_value(story, field->type);
    }
}

static void add_founding(text *story, const bl_program *program)
{
    for (uint32_t i = 0; i < program->scope_count; i++) {
        const bl_range own = program->scopes[i].attributes;
        add(story, "{\"type\":\"create\",\"scope\":\"%s\",\"id\":\"here\"",
            name_of(program, program->scopes[i].name));
        for (uint32_t k = 0; k < own.count; k++) {
            const bl_attribute *attribute = &program->attributes[own.first + k];
            if (attribute->default_chunk != BL_NONE) continue;
            add(story, ",\"%s\":", name_of(program, attribute->name));
            add_value(story, attribute->type);
        }
        add(story, "}\n");
    }
    for (uint32_t i = 0; i < program->role_count; i++)
        for (int person = 0; person < PEOPLE - 1; person++)
            add(story, "{\"type\":\"grant\",\"role\":\"%s\",\"to\":\"%s\"%s}\n",
                name_of(program, program->roles[i].name), people[person],
                program->roles[i].scope == BL_NONE ? "" : ",\"on\":\"here\"");
    for (uint32_t i = 0; i < program->attribute_count; i++) {
        if (program->attributes[i].scope != BL_NONE) continue;
        add(story, "{\"type\":\"set\",\"to\":\"ana\",\"%s\":",
            name_of(program, program->attributes[i].name));
        add_value(story, program->attributes[i].type);
        add(story, "}\n");
    }
    add(story, "{\"type\":\"founded\"}\n");
}

/* All that can be done in proposal p0, p1 …, by everybody. */
static void add_acts(text *story, uint32_t proposal, int day)
{
    static const char *const acts[] = {"approve\",\"reason\":\"so",
                                       "reject",
                                       "abstain",
                                       "recuse",
                                       "veto\",\"reason\":\"no",
                                       "uphold",
                                       "dispute\",\"reason\":\"again"};
    for (int person = 0; person < PEOPLE; person++) {
        const size_t first = (proposal + (uint32_t)person) % 3;
        add(story, "{\"time\":\"2024-01-%02dT00:00:00Z\",\"type\":\"%s\",\"actor\":\"%s\",", day,
            acts[person < 3 ? 0 : first], people[person]);
        add(story, "\"proposal\":\"p%u\"}\n", proposal);
        add(story,
            "{\"type\":\"rank\",\"actor\":\"%s\",\"proposal\":\"p%u\","
            "\"ranking\":[\"bo\",\"ana\",\"chi\"]}\n",
            people[person], proposal);
    }
    for (size_t act = 3; act < sizeof acts / sizeof *acts; act++)
        add(story,
            "{\"time\":\"2024-01-%02dT00:00:00Z\",\"type\":\"%s\",\"actor\":\"%s\","
            "\"proposal\":\"p%u\"}\n",
            day + (int)act - 2, acts[act], people[(act + 1) % PEOPLE], proposal);
    add(story, "{\"type\":\"approve\",\"actor\":\"bo\",\"proposal\":\"p%u\"}\n", proposal);
}

static text story_of(const bl_program *program)
{
    text story = {NULL, 0};
    add_founding(&story, program);
    for (uint32_t i = 0; i < program->kind_count; i++) {
        add(&story,
            "{\"time\":\"2024-01-%02uT00:00:00Z\",\"type\":\"propose\",\"kind\":\"%s\","
            "\"id\":\"p%u\",\"actor\":\"ana\",\"seed\":\"s\"%s",
            1 + i % 20, name_of(program, program->kinds[i].name), i,
            program->kinds[i].scope == BL_NONE ? "" : ",\"on\":\"here\"");
        add_fields(&story, program, program->kinds[i].fields);
        add(&story, "}\n");
        add_acts(&story, i, 1 + (int)(i % 20));
    }
    for (uint32_t i = 0; i < program->event_count; i++) {
        add(&story, "{\"type\":\"%s\",\"actor\":\"bo\"", name_of(program, program->events[i].name));
        add_fields(&story, program, program->events[i].fields);
        add(&story, "}\n");
    }
    add(&story, "{\"type\":\"resign\",\"actor\":\"chi\"}\n");
    return story;
}

static void take_outcome(void *context, const bylaw_outcome *outcome)
{
    assert_int_equal(bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, writer_to(context)),
                     BYLAW_OK);
}

/* Runs it and asks; what it said is added to `said`. */
static void run(const bylaw_policy *policy, text story, text *said)
{
    const bylaw_engine_options options = {
        .outcome = take_outcome,
        .context = said,
        .record = true,
        .limits = {.step_count = 1u << 16, .memory_size = (size_t)64 << 20}};
    bylaw_engine *engine;
    if (bylaw_engine_create(policy, &options, &engine) != BYLAW_OK) return;
    bylaw_status status = bylaw_engine_feed(engine, BYLAW_EVENTS, story.bytes, story.size);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    const bylaw_text until = {"2024-06-01", 10};
    if (status == BYLAW_OK) status = bylaw_engine_until(engine, until);
    if (status == BYLAW_OK) status = bylaw_engine_state(engine);
    const bylaw_question question = {.about = {"p0", 2}, .depth = BYLAW_RULES};
    if (status == BYLAW_OK) status = bylaw_engine_why(engine, &question, writer_to(said));
    if (status == BYLAW_OK) status = bylaw_engine_timeline(engine, &question, writer_to(said));
    bylaw_engine_destroy(engine);
}

/* ---- changes ---- */

static void put_checksum_right(text file)
{
    if (file.size < BL_BYTECODE_HEADER_SIZE) return;
    const uint64_t sum = bl_bytecode_checksum((const unsigned char *)file.bytes + 16,
                                              file.size - 16);
    for (size_t i = 0; i < 8; i++)
        file.bytes[8 + i] = (char)(sum >> (8 * i) & 0xFF);
}

typedef struct counts {
    size_t refused, loaded;
} counts;

/* Either it is refused with words, or it loads and goes through the story. */
static void try_bytes(text changed, text story, counts *all)
{
    text why = {NULL, 0}, said = {NULL, 0};
    bylaw_policy *policy;
    const bylaw_status status = load(changed, &why, &policy);
    if (status == BYLAW_OK) {
        all->loaded++;
        run(policy, story, &said);
        assert_int_equal(bylaw_policy_dump(policy, writer_to(&said)), BYLAW_OK);
        const bylaw_text everything = {"", 0};
        const bylaw_status drawn = bylaw_policy_graph(policy, everything, BYLAW_JSON,
                                                      writer_to(&said));
        assert_true(drawn == BYLAW_OK || drawn == BYLAW_NO_WORD || drawn == BYLAW_LIMIT);
        bylaw_policy_destroy(policy);
    } else {
        all->refused++;
        assert_null(policy);
        assert_true(status == BYLAW_NOMEM || (status == BYLAW_ERRORS && why.size > 0));
    }
    free(why.bytes);
    free(said.bytes);
}

static bool is_thorough(void)
{
    const char *wish = getenv("BYLAW_CHANGES");
    return wish && strcmp(wish, "all") == 0;
}

enum { SAMPLE = 400 }; /* changes of one file, unless all are wanted */

static void change_each(text file, text story, counts *all)
{
    static const unsigned char masks[] = {0x01, 0x02, 0x04, 0x7F, 0x80, 0xFF, 0x10, 0x03};
    const size_t count = file.size * sizeof masks;
    const size_t step = is_thorough() || count < SAMPLE ? 1 : count / SAMPLE | 1;
    text changed = {malloc(file.size), file.size};
    assert_non_null(changed.bytes);
    for (size_t i = 0; i < count; i += step) {
        memcpy(changed.bytes, file.bytes, file.size);
        changed.bytes[i / sizeof masks] ^= (char)masks[i % sizeof masks];
        put_checksum_right(changed);
        try_bytes(changed, story, all);
    }
    free(changed.bytes);
}

static void every_changed_byte_is_refused_or_runs(void **state)
{
    (void)state;
    bylaw_text name, content;
    counts all = {0, 0};
    for (size_t i = 0; bylaw_library_at(i, &name, &content); i++) {
        bylaw_policy *policy = compile(name);
        const text story = story_of(bl_policy_program(policy));
        const text whole = written(policy, false), stripped = written(policy, true);
        if (!is_thorough()) change_each(whole, story, &all);
        change_each(stripped, story, &all);
        bylaw_policy_destroy(policy);
        free(story.bytes);
        free(whole.bytes);
        free(stripped.bytes);
    }
    printf("%zu refused, %zu loaded\n", all.refused, all.loaded);
    assert_true(all.refused > all.loaded / 4 && all.loaded > 0);
}

static void every_cut_file_is_refused(void **state)
{
    (void)state;
    const bylaw_text name = {"std/apache", 10};
    bylaw_policy *policy = compile(name);
    const text file = written(policy, true);
    counts all = {0, 0};
    for (size_t size = 0; size < file.size; size++) {
        text cut = {malloc(size + 1), size};
        assert_non_null(cut.bytes);
        memcpy(cut.bytes, file.bytes, size);
        try_bytes(cut, (text){NULL, 0}, &all);
        /* Told as a whole file of this size. */
        for (size_t i = 0; i < 4 && size >= BL_BYTECODE_HEADER_SIZE; i++)
            cut.bytes[20 + i] = (char)((size - BL_BYTECODE_HEADER_SIZE) >> (8 * i) & 0xFF);
        put_checksum_right(cut);
        try_bytes(cut, (text){NULL, 0}, &all);
        free(cut.bytes);
    }
    assert_int_equal(all.loaded, 0);
    free(file.bytes);
    bylaw_policy_destroy(policy);
}

/* ---- what is written ---- */

static void what_is_loaded_is_what_was_written(void **state)
{
    (void)state;
    bylaw_text name, content;
    for (size_t i = 0; bylaw_library_at(i, &name, &content); i++)
        for (int strip = 0; strip < 2; strip++) {
            bylaw_policy *policy = compile(name), *loaded = NULL;
            text why = {NULL, 0};
            const text file = written(policy, strip);
            assert_int_equal(load(file, &why, &loaded), BYLAW_OK);
            const text again = written(loaded, strip);
            assert_int_equal(file.size, again.size);
            assert_memory_equal(file.bytes, again.bytes, file.size);
            bylaw_policy_destroy(policy);
            bylaw_policy_destroy(loaded);
            free(file.bytes);
            free(again.bytes);
        }
}

static void what_is_loaded_says_the_same(void **state)
{
    (void)state;
    bylaw_text name, content;
    for (size_t i = 0; bylaw_library_at(i, &name, &content); i++) {
        bylaw_policy *policy = compile(name), *loaded = NULL;
        const text story = story_of(bl_policy_program(policy));
        text why = {NULL, 0}, said = {NULL, 0}, said_again = {NULL, 0};
        const text file = written(policy, false);
        assert_int_equal(load(file, &why, &loaded), BYLAW_OK);
        run(policy, story, &said);
        run(loaded, story, &said_again);
        assert_true(said.size > 0);
        assert_string_equal(said.bytes, said_again.bytes);
        bylaw_policy_destroy(policy);
        bylaw_policy_destroy(loaded);
        free(story.bytes);
        free(said.bytes);
        free(said_again.bytes);
        free(file.bytes);
    }
}

/* A policy's text is asked for what only text can tell. */
static void a_loaded_policy_says_that_it_has_no_source(void **state)
{
    (void)state;
    const bylaw_text name = {"std/apache", 10};
    bylaw_policy *policy = compile(name), *loaded = NULL;
    text why = {NULL, 0};
    const text file = written(policy, false);
    assert_int_equal(load(file, &why, &loaded), BYLAW_OK);
    const bylaw_test_options tests = {.only = {"", 0}};
    assert_int_equal(bylaw_policy_test(loaded, &tests, NULL, NULL), BYLAW_NO_SOURCE);
    assert_int_equal(bylaw_policy_render(loaded, BYLAW_MARKDOWN, writer_to(&why)), BYLAW_NO_SOURCE);
    assert_int_equal(bylaw_policy_error_count(loaded), 0);
    assert_int_equal(why.size, 0);
    bylaw_policy_destroy(policy);
    bylaw_policy_destroy(loaded);
    free(file.bytes);
}

/* ---- memory that ends ---- */

typedef struct ledger {
    size_t count, fail_at, live;
} ledger;

static void *resize(void *context, void *pointer, size_t old_size, size_t new_size)
{
    ledger *book = context;
    if (new_size == 0) {
        book->live -= old_size;
        free(pointer);
        return NULL;
    }
    if (++book->count == book->fail_at) return NULL;
    void *resized = realloc(pointer, new_size);
    assert_non_null(resized);
    book->live += new_size - old_size;
    return resized;
}

static void count_bytes(void *context, const char *bytes, size_t size)
{
    (void)bytes;
    *(size_t *)context += size;
}

/* Loads, and writes what was loaded; each allocation fails in turn. */
static void every_failing_allocation_is_told(void **state)
{
    (void)state;
    const bylaw_text name = {"std/us", 6};
    bylaw_policy *policy = compile(name);
    const text file = written(policy, false);
    bylaw_policy_destroy(policy);
    bylaw_status status = BYLAW_NOMEM;
    size_t fail_at = 0;
    while (status != BYLAW_OK) {
        ledger book = {.fail_at = ++fail_at};
        size_t size = 0;
        const bylaw_allocator allocator = {resize, &book};
        const bylaw_load_options options = {
            .bytes = file.bytes, .size = file.size, .allocator = &allocator};
        status = bylaw_policy_load(&options, &policy);
        if (status == BYLAW_OK)
            status = bylaw_policy_write(policy, false, (bylaw_writer){count_bytes, &size});
        assert_true(status == BYLAW_OK || status == BYLAW_NOMEM);
        assert_int_equal(size, status == BYLAW_OK ? file.size : 0);
        assert_true(status == BYLAW_NOMEM || book.count < fail_at);
        bylaw_policy_destroy(policy);
        assert_int_equal(book.live, 0);
    }
    assert_true(fail_at > 10);
    free(file.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_loaded_is_what_was_written),
        cmocka_unit_test(what_is_loaded_says_the_same),
        cmocka_unit_test(a_loaded_policy_says_that_it_has_no_source),
        cmocka_unit_test(every_failing_allocation_is_told),
        cmocka_unit_test(every_cut_file_is_refused),
        cmocka_unit_test(every_changed_byte_is_refused_or_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
