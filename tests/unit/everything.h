/*
 * A story that does something of everything a policy knows, and all questions about it: for tests
 * of policies that nobody wrote. Included by the unit test of compiled policies and by its fuzzer.
 *
 * The story is made from the program's tables, so that it fits whatever the policy is.
 */
#ifndef TEST_EVERYTHING_H
#define TEST_EVERYTHING_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bylaw.h"
#include "program.h"

/* ---- texts ---- */

typedef struct text {
    char *bytes;
    size_t size;
} text;

/* The least power of two above it: room grows so, not byte by byte. */
static size_t room_for(size_t size)
{
    size_t room = 64;
    while (room <= size)
        room *= 2;
    return room;
}

static void add_bytes(void *context, const char *bytes, size_t size)
{
    text *to = context;
    if (!to->bytes || room_for(to->size + size) > room_for(to->size))
        to->bytes = realloc(to->bytes, room_for(to->size + size));
    if (!to->bytes) abort();
    if (size) memcpy(to->bytes + to->size, bytes, size);
    to->size += size;
    to->bytes[to->size] = '\0';
}

static void add(text *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(text *to, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0) abort();
    char *line = malloc((size_t)size + 1);
    if (!line) abort();
    vsnprintf(line, (size_t)size + 1, format, again);
    va_end(again);
    add_bytes(to, line, (size_t)size);
    free(line);
}

static bylaw_writer writer_to(text *to)
{
    return (bylaw_writer){add_bytes, to};
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
    if (bylaw_outcome_write(outcome, BYLAW_JSON, false, NULL, writer_to(context)) != BYLAW_OK)
        abort();
}

/* Every question there is, about the first proposal and about everybody, in every depth and form.
 */
static void ask_everything(bylaw_engine *engine, text *said)
{
    static bylaw_status (*const questions[])(bylaw_engine *, const bylaw_question *,
                                             bylaw_writer) = {
        bylaw_engine_why,     bylaw_engine_why_not, bylaw_engine_needs, bylaw_engine_timeline,
        bylaw_engine_who_can, bylaw_engine_pending, bylaw_engine_roles, bylaw_engine_proposals};
    static const bylaw_text abouts[] = {{"p0", 2}, {"", 0}}, words[] = {{"", 0}, {"approve", 7}};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        for (unsigned way = 0; way < 4; way++) {
            const bylaw_question question = {.about = abouts[way & 1],
                                             .word = words[way >> 1],
                                             .depth = way & 1 ? BYLAW_RULES : BYLAW_EVERYTHING,
                                             .format = way < 2 ? BYLAW_TEXT : BYLAW_JSON};
            questions[i](engine, &question, writer_to(said));
        }
    bylaw_engine_complete(engine, (bylaw_text){"p", 1}, 10, writer_to(said));
    const bylaw_question drawn = {.about = {"p0", 2}, .format = BYLAW_HTML};
    bylaw_engine_timeline(engine, &drawn, writer_to(said));
}

/* Goes through the story and asks, in the middle and at its end; what was said is added to `said`.
 */
static void run(const bylaw_policy *policy, text story, uint32_t step_count, text *said)
{
    const bylaw_engine_options options = {
        .outcome = take_outcome,
        .context = said,
        .record = true,
        .limits = {.step_count = step_count, .memory_size = (size_t)64 << 20}};
    bylaw_engine *engine;
    if (bylaw_engine_create(policy, &options, &engine) != BYLAW_OK) return;
    bylaw_status status = bylaw_engine_feed(engine, BYLAW_EVENTS, story.bytes, story.size);
    if (status == BYLAW_OK) status = bylaw_engine_end(engine, BYLAW_EVENTS);
    if (status == BYLAW_OK) ask_everything(engine, said);
    if (status == BYLAW_OK) status = bylaw_engine_until(engine, (bylaw_text){"2024-06-01", 10});
    if (status == BYLAW_OK) status = bylaw_engine_state(engine);
    if (status == BYLAW_OK) ask_everything(engine, said);
    bylaw_engine_destroy(engine);
}

#endif
