/*
 * JSON cases: an election in one file, with its ballots, its method and what was decided outside.
 *
 * docs/ballots.md says what is read. Ballots are walked over one by one, so that memory is needed
 * for what is different among them and not for the file; everything else is small and read as a
 * tree. What a key means is said in ballots_json_*.c; a key that is known to none of them is told,
 * unless it only describes (ballots_json_said.c).
 */
#include "ballots_json.h"

#include <string.h>

#include "json_walk.h"

enum { MEMBER_COUNT_MAX = 1024 };

bool bl_case_parse(bl_case *c, bl_text piece, bl_arena *arena, bl_json *out)
{
    bl_json_error error;
    c->base = piece.bytes;
    if (piece.size > BL_LINE_SIZE_MAX)
        return bl_ballots_fail(c->r, piece.bytes, "a value of more than %u bytes",
                               BL_LINE_SIZE_MAX);
    if (bl_json_read(piece, arena, out, &error)) return true;
    if (error.out_of_memory) return bl_ballots_nomem(c->r);
    return bl_ballots_fail(c->r, piece.bytes + error.at, "%s", error.message);
}

/* Takes the first of several keys, as a text of its own. */
static bool next_key(const char **keys, bl_text *out)
{
    if (**keys == '\0') return false;
    *out = (bl_text){*keys, strcspn(*keys, "|")};
    *keys += out->size + ((*keys)[out->size] == '|');
    return true;
}

const bl_case_member *bl_case_find(const bl_case *c, const char *keys)
{
    for (bl_text key; next_key(&keys, &key);)
        for (size_t i = 0; i < c->members.count; i++)
            if (bl_ballots_is_word(c->members.items[i].key, key)) return &c->members.items[i];
    return NULL;
}

void bl_case_use(bl_case *c, const bl_case_member *member)
{
    if (member) c->members.items[member - c->members.items].is_used = true;
}

const bl_json *bl_case_member_of(const bl_json *object, const char *keys)
{
    if (object->kind != BL_JSON_OBJECT) return NULL;
    for (bl_text key; next_key(&keys, &key);)
        for (uint32_t i = 0; i < object->count; i++)
            if (bl_ballots_is_word(object->as.members[i].key, key))
                return &object->as.members[i].value;
    return NULL;
}

static bool append(bl_case *c, const bl_json *value, bl_buffer *out)
{
    switch (value->kind) {
    case BL_JSON_NULL: return true;
    case BL_JSON_BOOLEAN: bl_buffer_cstring(out, value->as.boolean ? "yes" : "no"); return true;
    case BL_JSON_NUMBER: bl_rational_write(out, value->as.number); return true;
    case BL_JSON_TEXT: bl_buffer_text(out, value->as.text); return true;
    case BL_JSON_ARRAY:
        for (uint32_t i = 0; i < value->count; i++) {
            const bl_json *item = &value->as.items[i];
            if (item->kind == BL_JSON_ARRAY || !append(c, item, out)) return false;
            if (i + 1 < value->count) bl_buffer_char(out, ' ');
        }
        return true;
    case BL_JSON_OBJECT: return false;
    }
    return false;
}

bool bl_case_as_text(bl_case *c, const bl_json *value, bl_text *out)
{
    bl_buffer text;
    bl_buffer_init(&text, c->r->memory);
    const bool is_text = append(c, value, &text);
    const char *const copy = is_text && !text.failed
                                 ? bl_arena_copy(&c->arena, text.bytes, text.size)
                                 : NULL;
    *out = (bl_text){copy, text.size};
    bl_buffer_free(&text);
    if (!is_text)
        return bl_ballots_fail(c->r, bl_case_at(c, value), "expected a number or a text, found %s",
                               bl_json_kind_name(value->kind));
    return copy || bl_ballots_nomem(c->r);
}

/* ---- listing the members ---- */

static bool is_kind(bl_text piece, char opening)
{
    return piece.size > 0 && piece.bytes[0] == opening;
}

static bool report_walk(bl_case *c, const bl_json_walk *walk)
{
    return bl_ballots_fail(c->r, walk->at, "expected %s, found %s", walk->expected,
                           bl_ballots_found(c->r, walk->at));
}

static bool add_member(bl_case *c, bl_text key, bl_text value, bool is_option, size_t first)
{
    bl_ballots_reader *const r = c->r;
    bl_json parsed;
    if (!bl_case_parse(c, key, &c->arena, &parsed)) return false;
    for (size_t i = first; i < c->members.count; i++)
        if (bl_text_equal(c->members.items[i].key, parsed.as.text))
            return bl_ballots_fail(r, key.bytes, "`%s` stands twice in this object",
                                   bl_ballots_show(r, parsed.as.text));
    if (c->members.count >= MEMBER_COUNT_MAX)
        return bl_ballots_fail(r, key.bytes, "more than %d keys", (int)MEMBER_COUNT_MAX);
    if (!bl_vector_reserve(r->memory, &c->members, 1)) return bl_ballots_nomem(r);
    c->members.items[c->members.count++] = (bl_case_member){
        .key = parsed.as.text, .at = key.bytes, .value = value, .is_option = is_option};
    return true;
}

/* Lists the members of an object; `*end` is behind it. */
static bool list_members(bl_case *c, bl_text object, bool is_option, const char **end)
{
    const size_t first = c->members.count;
    bl_json_walk walk;
    bl_text key, value;
    if (!bl_json_walk_begin(object, &walk)) return true;
    while (bl_json_walk_next(&walk, &key, &value))
        if (!add_member(c, key, value, is_option, first)) return false;
    *end = walk.at;
    return !walk.expected || report_walk(c, &walk);
}

/* An object inside that is the case itself, or options; those of options go before. */
static bool list_inside(bl_case *c, size_t count, const char *keys, bool is_option)
{
    const char *end;
    for (size_t i = 0; i < count; i++) {
        const bl_case_member one = c->members.items[i];
        if (!is_kind(one.value, '{') || !bl_ballots_is_any(one.key, keys)) continue;
        c->members.items[i].is_used = true;
        if (!list_members(c, one.value, is_option, &end)) return false;
    }
    return true;
}

static bool expect_end(bl_case *c, const char *at)
{
    const char *const end = bl_json_walk_blanks(at, c->r->end);
    return end == c->r->end || bl_ballots_fail(c->r, end, "expected the end of the file, found %s",
                                               bl_ballots_found(c->r, end));
}

static bool list_case(bl_case *c)
{
    bl_ballots_reader *const r = c->r;
    const bl_text text = {r->at, (size_t)(r->end - r->at)};
    const char *end = r->end;
    if (!list_members(c, text, false, &end)) return false;
    if (!expect_end(c, end)) return false;
    return list_inside(c, c->members.count, BL_CASE_INSIDE, false) &&
           list_inside(c, c->members.count, BL_CASE_OPTIONS, true);
}

/* ---- ballots, here or in another file ---- */

/* The format that the case says of it; BL_BALLOTS_AUTO where it says none that is known. */
static bool find_file_format(bl_case *c)
{
    const bl_case_member *said = bl_case_find(c, "ballots format|ballot format|format|file format");
    bl_json word;
    c->file_format = BL_BALLOTS_AUTO;
    bl_case_use(c, said);
    if (!said) return true;
    if (!bl_case_parse(c, said->value, &c->arena, &word)) return false;
    if (word.kind == BL_JSON_TEXT && !bl_ballots_format_named(word.as.text, &c->file_format))
        c->file_format = BL_BALLOTS_AUTO;
    return true;
}

/* Opens the file that the piece names, into `file` and what follows there. */
static bool open_other_file(bl_case *c, bl_text piece)
{
    bl_ballots_reader *const r = c->r;
    bl_json name;
    const char *why = NULL;
    if (c->opened == piece.bytes) return true;
    if (!bl_case_parse(c, piece, &c->arena, &name)) return false;
    if (name.kind != BL_JSON_TEXT)
        return bl_ballots_fail(r, piece.bytes, "expected the name of a file, found %s",
                               bl_json_kind_name(name.kind));
    if (r->is_inside || !r->request->open)
        return bl_ballots_fail(r, piece.bytes,
                               "the ballots are in another file, `%s`, which is not read here",
                               bl_ballots_show(r, name.as.text));
    c->file = name.as.text;
    c->file_bytes = BL_TEXT("");
    if (!r->request->open(r->request->context, c->file, &c->file_bytes, &why))
        return bl_ballots_fail(r, piece.bytes, "`%s` %s", bl_ballots_show(r, c->file),
                               why ? why : "cannot be read");
    c->opened = piece.bytes;
    return find_file_format(c);
}

static bool read_other_file(bl_case *c, bl_text piece)
{
    bl_ballots_reader *const r = c->r;
    if (!open_other_file(c, piece)) return false;
    r->is_inside = true;
    const bool is_read = bl_ballots_read_text(r, c->file, c->file_bytes, c->file_format);
    r->is_inside = false;
    return is_read;
}

/* A text that is no ballots, which have lines and numbers before `:`. */
static bool is_file_name(bl_text text)
{
    return !bl_text_contains(text, BL_TEXT("\n")) && !bl_text_contains(text, BL_TEXT(":"));
}

/* Ballots as a text: what another format would have in a file of its own. */
static bool read_text_of_ballots(bl_case *c, bl_text piece)
{
    bl_ballots_reader *const r = c->r;
    bl_json text;
    if (!bl_case_parse(c, piece, &c->arena, &text)) return false;
    if (is_file_name(text.as.text)) return read_other_file(c, piece);
    r->is_inside = true;
    const bool is_read = bl_ballots_read_text(r, r->file, text.as.text, BL_BALLOTS_ABIF);
    r->is_inside = false;
    return is_read;
}

/* Party lists: [{"name": "Red", "votes": 53000}, …], where there are no ballots. */
static bool read_votes_of_candidates(bl_case *c, bool *has_votes)
{
    bl_ballots_reader *const r = c->r;
    const bl_case_member *said = bl_case_find(c, "candidates|parties|lists");
    bl_json list;
    *has_votes = false;
    if (!said || !is_kind(said->value, '[')) return true;
    if (!bl_case_parse(c, said->value, &c->arena, &list)) return false;
    for (uint32_t i = 0; i < list.count; i++) {
        const bl_json *votes = bl_case_member_of(&list.as.items[i], "votes|count");
        if (!votes || votes->kind != BL_JSON_NUMBER || votes->as.number.num < 0) continue;
        *has_votes = true;
        bl_case_use(c, said);
        bl_ballots_begin(r);
        if (!bl_ballots_mark(r, i, 1) ||
            !bl_ballots_add_weighted(r, bl_case_at(c, votes), BL_BALLOTS_CHOICE, votes->as.number))
            return false;
    }
    return true;
}

/* A list or an object of ballots, a text of them, or another file. */
static bool read_piece(bl_case *c, bl_text piece)
{
    bl_text name;
    if (is_kind(piece, '{') && bl_case_find_in(c, piece, BL_CASE_FILE, &name) && is_kind(name, '"'))
        return read_other_file(c, name);
    if (is_kind(piece, '"')) return read_text_of_ballots(c, piece);
    return bl_case_read_ballots(c, piece);
}

/* The ballots of the case, where they stand in it; NULL. */
static const bl_case_member *find_ballots(const bl_case *c)
{
    const bl_case_member *here = bl_case_find(c, BL_CASE_BALLOTS);
    return here && strchr("[{\"", *here->value.bytes) ? here : NULL;
}

static bool read_ballots(bl_case *c)
{
    const bl_case_member *here = find_ballots(c);
    const bl_case_member *file = bl_case_find(c, BL_CASE_FILE);
    bool has_votes;
    bl_case_use(c, here ? here : file);
    if (here) return read_piece(c, here->value);
    if (file) return read_other_file(c, file->value);
    if (!read_votes_of_candidates(c, &has_votes)) return false;
    if (has_votes) return true;
    return bl_ballots_fail(c->r, NULL,
                           "expected a key \"ballots\" with a list of ballots in the object");
}

/* The piece that names the file of the ballots; size 0: they are in none. */
static bool find_file(bl_case *c, bl_text *piece)
{
    const bl_case_member *here = find_ballots(c);
    const bl_case_member *file = bl_case_find(c, BL_CASE_FILE);
    bl_json text;
    *piece = BL_TEXT("");
    if (!here) {
        if (file) *piece = file->value;
    } else if (is_kind(here->value, '{')) {
        bl_text name;
        if (bl_case_find_in(c, here->value, BL_CASE_FILE, &name) && is_kind(name, '"'))
            *piece = name;
    } else if (is_kind(here->value, '"')) {
        if (!bl_case_parse(c, here->value, &c->arena, &text)) return false;
        if (is_file_name(text.as.text)) *piece = here->value;
    }
    return true;
}

/* Rules may name candidates that only the file of the ballots declares. */
static bool read_candidates_of_file(bl_case *c)
{
    bl_text piece;
    if (bl_contest_candidate_count(c->r->builder) > 0 || !bl_case_rules_name_candidates(c))
        return true;
    if (!find_file(c, &piece)) return false;
    if (piece.size == 0) return true;
    return open_other_file(c, piece) &&
           bl_ballots_read_candidates(c->r, c->file, c->file_bytes, c->file_format);
}

static bool read_casting(bl_case *c)
{
    const bl_case_member *casting = bl_case_find(c, BL_CASE_CASTING);
    if (!casting || !(is_kind(casting->value, '[') || is_kind(casting->value, '{'))) return true;
    bl_case_use(c, casting);
    c->r->is_casting = true;
    const bool is_read = bl_case_read_ballots(c, casting->value);
    c->r->is_casting = false;
    return is_read;
}

/* Ballots of the second of two rounds, where it was held on another day: {"ballots": […]}, or what
 * could stand there. Who stands is known by then. */
static bool read_second(bl_case *c)
{
    bl_ballots_reader *const r = c->r;
    const bl_case_member *const second = bl_case_find(c, BL_CASE_SECOND);
    if (!second || !strchr("[{\"", *second->value.bytes) ||
        r->out->options.method != BL_METHOD_TWO_ROUND)
        return true;
    bl_text piece = second->value, inner;
    bl_case_use(c, second);
    if (is_kind(piece, '{') && bl_case_find_in(c, piece, "ballots", &inner) && is_kind(inner, '{'))
        piece = inner;
    const bool was_closed = r->is_closed;
    r->is_closed = r->is_second = true;
    const bool is_read = read_piece(c, piece);
    r->is_closed = was_closed;
    r->is_second = false;
    return is_read;
}

static bool read_title(bl_case *c)
{
    bl_json title;
    const bl_case_member *said = bl_case_find(c, "title|contest name|name|election|contest|office");
    if (!said || !is_kind(said->value, '"')) return true;
    bl_case_use(c, said);
    if (!bl_case_parse(c, said->value, c->r->arena, &title)) return false;
    const bl_text text = bl_ballots_trim(title.as.text);
    if (text.size == 0) return true;
    c->r->title = text;
    return bl_ballots_check_name(c->r, said->value.bytes, text, "a title");
}

static bool read_case(bl_case *c)
{
    bl_ballots_reader *const r = c->r;
    const char *const first = bl_json_walk_blanks(r->at, r->end);
    if (*first == '[')
        return bl_case_read_ballots(c, (bl_text){first, (size_t)(r->end - first)}) &&
               expect_end(c, r->at);
    if (!list_case(c) || !read_title(c) || !bl_case_read_method(c) || !bl_case_read_candidates(c) ||
        !read_candidates_of_file(c) || !bl_case_read_rules(c) || !bl_ballots_settle(r) ||
        !read_ballots(c) || !read_second(c) || !read_casting(c) || !bl_case_pass_over_members(c))
        return false;
    bl_case_call(c);
    return true;
}

bool bl_ballots_read_json(bl_ballots_reader *r)
{
    bl_case c = {.r = r};
    if (*bl_json_walk_blanks(r->at, r->end) != '{' && *bl_json_walk_blanks(r->at, r->end) != '[')
        return bl_ballots_fail(r, r->at, "expected an object, found %s",
                               bl_ballots_found(r, bl_json_walk_blanks(r->at, r->end)));
    bl_arena_init(&c.arena, r->memory);
    const bool is_read = read_case(&c);
    bl_vector_free(r->memory, &c.members);
    bl_vector_free(r->memory, &c.full_names);
    bl_vector_free(r->memory, &c.no_candidates);
    bl_arena_destroy(&c.arena);
    return is_read;
}
