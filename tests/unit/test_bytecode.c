/*
 * Policies in compiled form: what is written is read back the same, and whatever the bytes are,
 * they are refused with words or run within the limits.
 *
 * Two ways to change a byte. As it is: each of the 255 other values is refused, because the
 * checksum is another one. And with the checksum put right, as who means it would do: that has
 * eight other values for every byte, and what loads goes through a story that does something of
 * everything the policy knows.
 *
 * Usually the shortest file is tried the first way, in full, and a sample of all files the second.
 * The environment says more: BYLAW_VALUES of the first, BYLAW_CHANGES of the second; `all`, or a
 * part of all, as `3/16`, the third of sixteen. Then it is every file of the library; of those with
 * places, which are larger and differ only in them, every sixteenth change the second way.
 * BYLAW_POLICY names the one policy to change. The second way is meant to run with sanitizers,
 * which tell what a test cannot see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytecode.h"
#include "everything.h"
#include "policy.h"

/* ---- compiling and loading ---- */

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
        run(policy, story, 1u << 16, &said);
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

/* ---- which changes ---- */

/* Which of the changes are tried: one of `of` parts; of 0: a sample. */
typedef struct slice {
    size_t part, of;
} slice;

/* Each part has all values of a byte, and bytes from everywhere. */
static bool is_of_slice(slice wished, size_t change)
{
    return (change + change / 64) % wished.of == wished.part;
}

static slice wished_slice(const char *variable)
{
    const char *wish = getenv(variable);
    if (!wish) return (slice){0, 0};
    if (strcmp(wish, "all") == 0) return (slice){0, 1};
    char *end;
    const unsigned long part = strtoul(wish, &end, 10);
    const unsigned long of = *end == '/' ? strtoul(end + 1, &end, 10) : 0;
    if (*end != '\0' || part == 0 || part > of) fail_msg("%s is all, or as 3/16", variable);
    return (slice){part - 1, of};
}

static const unsigned char masks[] = {0x01, 0x02, 0x04, 0x7F, 0x80, 0xFF, 0x10, 0x03};
enum {
    SAMPLE = 400, /* changes of one file, unless more are wanted */
    WHOLE_THIN = 16, /* files with places: so many parts of a part, of which one is tried */
    OTHER_VALUES = 255, /* of a byte */
    TOLD = 4000 /* of all changes, from one word about how far it is to the next */
};

static void tell_progress(bylaw_text name, size_t change, size_t count)
{
    if (change % TOLD != 0 || change == 0) return;
    fprintf(stderr, "%.*s: %zu of %zu changes\n", (int)name.size, name.bytes, change, count);
}

static void change_each(bylaw_text name, text file, text story, slice wished, counts *all)
{
    const size_t count = file.size * sizeof masks;
    const size_t step = wished.of || count < SAMPLE ? 1 : count / SAMPLE | 1;
    text changed = {malloc(file.size), file.size};
    assert_non_null(changed.bytes);
    for (size_t i = 0; i < count; i += step) {
        if (wished.of) tell_progress(name, i, count);
        if (wished.of && !is_of_slice(wished, i)) continue;
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
    const char *only = getenv("BYLAW_POLICY");
    for (size_t i = 0; bylaw_library_at(i, &name, &content); i++) {
        if (only && (strlen(only) != name.size || memcmp(only, name.bytes, name.size) != 0))
            continue;
        bylaw_policy *policy = compile(name);
        const text story = story_of(bl_policy_program(policy));
        const text whole = written(policy, false), stripped = written(policy, true);
        slice thinned = wished_slice("BYLAW_CHANGES");
        change_each(name, stripped, story, thinned, &all);
        thinned.of *= WHOLE_THIN;
        change_each(name, whole, story, thinned, &all);
        bylaw_policy_destroy(policy);
        free(story.bytes);
        free(whole.bytes);
        free(stripped.bytes);
    }
    printf("%zu refused, %zu loaded\n", all.refused, all.loaded);
    assert_true(all.refused > all.loaded / 4 && all.loaded > 0);
}

/* ---- changed bytes, the checksum as it was ---- */

static void refuse_each(bylaw_text name, text file, slice wished)
{
    const size_t count = file.size * OTHER_VALUES;
    for (size_t i = 0; i < count; i++) {
        if (!is_of_slice(wished, i)) continue;
        char *byte = &file.bytes[i / OTHER_VALUES];
        const char was = *byte;
        *byte = (char)((unsigned char)was + 1 + i % OTHER_VALUES);
        text why = {NULL, 0};
        bylaw_policy *policy;
        const bylaw_status status = load(file, &why, &policy);
        if (status != BYLAW_ERRORS || why.size == 0 || policy)
            fail_msg("%.*s: byte %zu, %d instead of %d", (int)name.size, name.bytes,
                     i / OTHER_VALUES, *byte, was);
        *byte = was;
        free(why.bytes);
    }
}

static void every_other_value_of_a_byte_is_refused(void **state)
{
    (void)state;
    slice wished = wished_slice("BYLAW_VALUES");
    const bool is_thorough = wished.of > 0;
    if (!is_thorough) wished.of = 1;
    const bylaw_text shortest = {"std/eu-council", 14};
    bylaw_text name, content;
    for (size_t i = 0; bylaw_library_at(i, &name, &content); i++)
        for (int strip = 0; strip < 2; strip++) {
            const bool is_shortest = name.size == shortest.size &&
                                     memcmp(name.bytes, shortest.bytes, name.size) == 0;
            if (!is_thorough && (!is_shortest || !strip)) continue;
            bylaw_policy *policy = compile(name);
            const text file = written(policy, strip);
            refuse_each(name, file, wished);
            bylaw_policy_destroy(policy);
            free(file.bytes);
        }
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
        run(policy, story, 1u << 16, &said);
        run(loaded, story, 1u << 16, &said_again);
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

/* ---- what no compiler writes ---- */

static const char odd_policy[] =
    "policy odd \"\xC3\xA4\"\n"
    "scope place { size : number = 3 }\n"
    "role member of place\n"
    "procedure two { passes when approve >= 2 and approve > reject  closes at once }\n"
    "proposal change on place { raised by member of any place  decided by member of place using "
    "two }\n";

/* Each makes one thing untrue of the program. */
static void drop_a_scope(bl_program *program)
{
    program->fields = NULL;
    program->field_count = 0;
    program->attributes[0].type = (bl_type){.base = BL_BASE_INSTANCE, .index = BL_NONE};
}

static void cut_a_character(bl_program *program)
{
    const bl_text content = program->sources[0].content;
    uint32_t at = 0;
    while (((unsigned char)content.bytes[at] & 0xC0) != 0x80)
        at++;
    program->roles[0].span = (bl_span){0, 0, at};
}

static void leave_the_file(bl_program *program)
{
    program->roles[0].span.end = (uint32_t)program->sources[0].content.size + 1;
}

static void empty_a_step(bl_program *program)
{
    program->steps[0].count = 0;
}

static void empty_an_alternative(bl_program *program)
{
    program->alternatives[0].count = 0;
}

static void take_the_procedure(bl_program *program)
{
    program->plans[0].procedure = BL_NONE;
}

static void close_a_circle(bl_program *program)
{
    for (uint32_t i = 0; i < program->condition_count; i++)
        if (program->conditions[i].kind == BL_CONDITION_AND) program->conditions[i].left = i;
}

static void take_the_body_code(bl_program *program)
{
    program->bodies[0].member_chunk = BL_NONE;
}

static void move_a_slot(bl_program *program)
{
    program->attributes[0].slot = 1;
}

static void count_what_others_count(bl_program *program)
{
    program->procedures[0].aggregates.count = 0;
}

/* Compiles the policy, makes the change, writes it and loads that: it must be refused and say why.
 */
static void refuse_changed(const char *source, void (*change)(bl_program *, const void *),
                           const void *how, const char *because)
{
    const bylaw_compile_options options = {.name = {"odd", 3}, .text = {source, strlen(source)}};
    bylaw_policy *policy, *loaded;
    text why = {NULL, 0};
    assert_int_equal(bylaw_policy_compile(&options, &policy), BYLAW_OK);
    bl_program changed = *bl_policy_program(policy);
    change(&changed, how);
    bl_buffer bytes;
    bl_buffer_init(&bytes, &bl_memory_default);
    bl_bytecode_write(&changed, bl_names_count(changed.names), false, &bytes);
    const bylaw_status status = load((text){bytes.bytes, bytes.size}, &why, &loaded);
    if (status != BYLAW_ERRORS) fail_msg("it was loaded, not refused: %s", because);
    if (!strstr(why.bytes, because)) fail_msg("%s: %s", because, why.bytes);
    bl_buffer_free(&bytes);
    bylaw_policy_destroy(policy);
    free(why.bytes);
}

typedef void (*untruth)(bl_program *program);

static void make_untrue(bl_program *program, const void *how)
{
    (*(const untruth *)how)(program);
}

static void what_cannot_be_true_is_refused(void **state)
{
    (void)state;
    static const struct {
        untruth change;
        const char *why;
    } cases[] = {{drop_a_scope, "an instance of no scope"},
                 {cut_a_character, "a place in the middle of a character"},
                 {leave_the_file, "a place outside of its file"},
                 {empty_a_step, "step 0: it has no votes"},
                 {empty_an_alternative, "alternative 0: it has no votes"},
                 {take_the_procedure, "it has no procedure"},
                 {close_a_circle, "it stands in two places"},
                 {take_the_body_code, "body 0: it has no code"},
                 {move_a_slot, "it is not where its scope keeps it"},
                 {count_what_others_count, "its stage has no such sum"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_changed(odd_policy, make_untrue, &cases[i].change, cases[i].why);
}

/* ---- types that no compiler writes ---- */

static const char typed_policy[] =
    "policy typed\n"
    "scope place { size : number = 3 }\n"
    "scope thing { weight : number = 1 }\n"
    "scope a_thing_whose_name_is_longer_than_messages_have_room\n"
    "role member\n"
    "role keeper of place\n"
    "event note { what : text }\n"
    "event told { whom : person }\n"
    "function longest(l : list of text) : number = size(l)\n"
    "function size_of(p : place) : number = p.size\n"
    "on note when event.what == \"x\" { emit told(event.actor) }\n"
    "procedure two { passes when approve >= 2  closes at once }\n"
    "proposal odd_one { raised by member  decided by member using two  accepts unlike : number }\n"
    "proposal change on place {\n"
    "  requires n : number, label : text, words : list of text, counts : list of number, day : "
    "date,\n"
    "    near : place, far : thing, farther : "
    "a_thing_whose_name_is_longer_than_messages_have_room,\n"
    "    wait : duration\n"
    "  raised by member\n"
    "  decided by member using two within wait + 1 day\n"
    "  refuses \"0\" when n > 3\n"
    "  refuses \"1\" when n + 1 == 2\n"
    "  refuses \"2\" when author is keeper of near\n"
    "  refuses \"3\" when place.size > 2\n"
    "  refuses \"4\" when \"a\" in words\n"
    "  refuses \"5\" when n in [1, n]\n"
    "  refuses \"6\" when longest(words) > 3\n"
    "  refuses \"7\" when any w in words : w contains \"x\"\n"
    "  refuses \"8\" when proposal.author is given and proposal.author is member\n"
    "  refuses \"9\" when (if n > 1 then n else 2) == 1\n"
    "  refuses \"10\" when (count every w in words : w == label) == 1\n"
    "  refuses \"11\" when count member == 1\n"
    "  refuses \"12\" when (highest w in words by size(w)) == label\n"
    "}\n";

/* An instruction in the place of the n-th of its sort. */
typedef struct slip {
    uint32_t refusal; /* whose code it is in */
    bl_opcode from;
    unsigned nth;
    bl_opcode to;
    const char *row; /* the name of a field, an attribute or a role: operand b */
    uint32_t a, b;
    const char *why;
} slip;

static bl_instruction *find_instruction(const bl_program *program, uint32_t chunk, bl_opcode op,
                                        unsigned nth)
{
    const bl_chunk *row = &program->chunks[chunk];
    for (uint32_t i = 0; i < row->count; i++)
        if (program->code[row->first + i].op == op && nth-- == 0)
            return &program->code[row->first + i];
    fail_msg("there is no such instruction");
    return NULL;
}

static uint32_t row_called(const bl_program *program, bl_opcode op, const char *name)
{
    const uint32_t number = bl_names_find(program->names, bl_text_of(name));
    assert_int_not_equal(number, BL_NONE);
    for (uint32_t i = 0; op == OP_ATTRIBUTE && i < program->attribute_count; i++)
        if (program->attributes[i].name == number) return i;
    for (uint32_t i = 0; op == OP_SET_ROLE && i < program->role_count; i++)
        if (program->roles[i].name == number) return i;
    for (uint32_t i = 0; i < program->field_count; i++)
        if (program->fields[i].name == number) return i;
    fail_msg("nothing is called %s", name);
    return BL_NONE;
}

static void make_slip(bl_program *program, const void *how)
{
    const slip *s = how;
    const uint32_t chunk = program->refusals[s->refusal].when_chunk;
    bl_instruction *in = find_instruction(program, chunk, s->from, s->nth);
    const uint32_t b = s->row ? row_called(program, s->to, s->row) : s->b;
    *in = (bl_instruction){(uint16_t)s->to, (uint16_t)s->a, b};
}

static void a_value_of_another_type_is_refused(void **state)
{
    (void)state;
    static const slip slips[] = {
        /* another base */
        {0, OP_FIELD, 0, OP_FIELD, "day", 0, 0, "GREATER: a time and a number do not go together"},
        {1, OP_FIELD, 0, OP_FIELD, "label", 0, 0, "ADD: a text and a number do not go together"},
        {1, OP_ADD, 0, OP_LESS, NULL, 0, 0, "EQUAL: a boolean and a number do not go together"},
        {11, OP_SET_ROLE, 0, OP_SET_ROLE, "keeper", 0, 0, "SET_ROLE: its role has a scope"},
        /* an instance of another scope, a field of another kind */
        {2, OP_FIELD, 0, OP_FIELD, "far", 0, 0, "HOLDS_OF: it takes a place, and a thing is there"},
        {2, OP_FIELD, 0, OP_FIELD, "farther", 0, 0,
         "HOLDS_OF: it takes a place, and an instance of a scope is there"},
        {3, OP_ATTRIBUTE, 0, OP_ATTRIBUTE, "weight", 0, 0,
         "ATTRIBUTE: it takes a thing, and a place is there"},
        {0, OP_FIELD, 0, OP_FIELD, "unlike", 0, 0,
         "FIELD: it takes what has that field, and a change is there"},
        /* another item of a list */
        {4, OP_FIELD, 0, OP_FIELD, "counts", 0, 0,
         "IN: a text and a list of number do not go together"},
        {5, OP_FIELD, 1, OP_FIELD, "label", 0, 0, "LIST: a text and a number do not go together"},
        /* another argument */
        {6, OP_FIELD, 0, OP_FIELD, "counts", 0, 0,
         "CALL: it takes a list of text, and a list of number is there"},
        /* the variable of a loop */
        {7, OP_FIELD, 0, OP_FIELD, "counts", 0, 0,
         "CONTAINS: it takes a text, and a number is there"},
        {10, OP_NEXT, 0, OP_NEXT, NULL, 1, 16,
         "local 2 has to be a place in a list, and a text is there"},
        /* a local that is something else, or nothing yet */
        {8, OP_PROPERTY, 1, OP_PROPERTY, NULL, 0, BL_PROPERTY_PROPOSAL_OPENED,
         "local 0 has to be an actor, and a time is there"},
        {8, OP_STORE, 0, OP_POP, NULL, 0, 0,
         "LOCAL: it takes a value from a local, and nothing known is there"},
        /* two ways that meet, forward and back */
        {9, OP_FIELD, 1, OP_FIELD, "label", 0, 0, "a text and a number do not go together"},
        {10, OP_ADD, 0, OP_EQUAL, NULL, 0, 0,
         "JUMP: local 3 has to be a number, and a boolean is there"},
        {12, OP_SIZE, 0, OP_IS_GIVEN, NULL, 0, 0, "a boolean"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        refuse_changed(typed_policy, make_slip, &slips[i], slips[i].why);
}

static uint32_t chunk_of_function(const bl_program *program, const char *name)
{
    const uint32_t number = bl_names_find(program->names, bl_text_of(name));
    for (uint32_t i = 0; i < program->function_count; i++)
        if (program->functions[i].name == number) return program->functions[i].chunk;
    fail_msg("there is no function %s", name);
    return BL_NONE;
}

static void wait_for_a_time(bl_program *program)
{
    const uint32_t kind = program->kind_count - 1;
    const bl_step *step = &program->steps[program->kinds[kind].steps.first];
    const bl_stage_plan *plan = &program->plans[program->alternatives[step->first].first];
    bl_instruction *in = find_instruction(program, plan->window_chunk, OP_FIELD, 0);
    *in = (bl_instruction){OP_PROPERTY, 0, BL_PROPERTY_PROPOSAL_OPENED};
}

static void mean_no_instance(bl_program *program)
{
    const uint32_t chunk = chunk_of_function(program, "size_of");
    find_instruction(program, chunk, OP_LOCAL, 0)->op = OP_INSTANCE;
}

static void ask_another_event(bl_program *program)
{
    bl_instruction *in = find_instruction(program, program->rules[0].when_chunk, OP_EVENT_FIELD, 0);
    in->b = row_called(program, OP_EVENT_FIELD, "whom");
}

static void share_a_step(bl_program *program)
{
    program->kinds[1].steps = program->kinds[0].steps;
}

static void take_a_rule(bl_program *program)
{
    program->events[1].rules = program->events[0].rules;
}

static void what_code_is_for_has_its_type(void **state)
{
    (void)state;
    static const struct {
        untruth change;
        const char *why;
    } cases[] = {{wait_for_a_time, "RETURN: it takes a duration, and a time is there"},
                 {mean_no_instance, "INSTANCE: no instance is meant here"},
                 {ask_another_event, "it takes what has that field, and a note is there"},
                 {share_a_step, "step 0: it is of two kinds of proposals"},
                 {take_a_rule, "event_type 1: it has a rule of something else"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuse_changed(typed_policy, make_untrue, &cases[i].change, cases[i].why);
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
        cmocka_unit_test(what_cannot_be_true_is_refused),
        cmocka_unit_test(a_value_of_another_type_is_refused),
        cmocka_unit_test(what_code_is_for_has_its_type),
        cmocka_unit_test(every_failing_allocation_is_told),
        cmocka_unit_test(every_cut_file_is_refused),
        cmocka_unit_test(every_other_value_of_a_byte_is_refused),
        cmocka_unit_test(every_changed_byte_is_refused_or_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
