/*
 * JSON cases: the method and its options, by the many names that collections of elections use.
 *
 * Options may stand in an object of options or beside the ballots. Among options a key that is none
 * of the method's is left out, and the result tells so; beside the ballots it says nothing, because
 * a case may tell its sources and results there. What an option cannot be is a problem. Other words
 * for options and values are in count_aliases.def; here are those that mean one thing only where
 * the method, or the option, is known.
 */
#include "ballots_json.h"

#include <string.h>

/* ---- the method ---- */

/* What names a family of methods only. */
#define FAMILIES                                                                                   \
    "apportionment|party list|party lists|list|proportional|list pr|highest averages|divisor|"     \
    "divisor method|condorcet|runoff|multi winner|multi winner runoff|preferential|ranked"

static bool is_variant(const bl_case_member *member)
{
    return bl_ballots_is_any(member->key, BL_CASE_VARIANT) ||
           (member->is_option && bl_ballots_is(member->key, "method"));
}

/* "stv_meek"; the variant alone where only a family is named, or where it is of the same method. */
static bool find_variant(bl_text family, bl_text variant, bl_buffer *name)
{
    bl_count_options options, of_family = bl_count_options_of(BL_METHOD_NONE);
    bl_buffer_clear(name);
    bl_buffer_text(name, family);
    bl_buffer_char(name, '_');
    bl_buffer_text(name, variant);
    if (name->failed || bl_count_method_named((bl_text){name->bytes, name->size}, &options))
        return !name->failed;
    bl_buffer_clear(name);
    bl_buffer_text(name, variant);
    if (name->failed || !bl_count_method_named(variant, &options)) return false;
    bl_count_method_named(family, &of_family);
    return options.method == of_family.method || bl_ballots_is_any(family, FAMILIES);
}

static bool set_variant(bl_case *c, const char *at, bl_text family, bl_text variant, bool *is_set)
{
    bl_buffer name;
    bl_buffer_init(&name, c->r->memory);
    *is_set = find_variant(family, variant, &name);
    const bool is_fine = name.failed ? bl_ballots_nomem(c->r)
                                     : !*is_set || bl_ballots_set_method(
                                                       c->r, at, (bl_text){name.bytes, name.size});
    bl_buffer_free(&name);
    return is_fine;
}

/* Among the members of the case; those of the method's own object have been looked at. */
static bool set_method(bl_case *c, const char *at, bl_text name)
{
    bl_json value;
    for (size_t i = 0; i < c->members.count; i++) {
        bl_case_member *const one = &c->members.items[i];
        if (!is_variant(one) || one->value.size == 0 || one->value.bytes[0] != '"') continue;
        if (!bl_case_parse(c, one->value, &c->arena, &value)) return false;
        bool is_set;
        if (!set_variant(c, at, name, value.as.text, &is_set)) return false;
        if (!is_set) continue;
        one->is_used = true;
        return true;
    }
    /* STV whose decimals are said in the Universal RCV Tabulator's words is counted in its way. */
    bl_count_options options;
    if (bl_count_method_named(name, &options) && options.method == BL_METHOD_STV &&
        options.said == 0 && bl_case_find(c, "decimal places for vote arithmetic"))
        name = BL_TEXT("multi_winner_allow_multiple_winners_per_round");
    return bl_ballots_set_method(c->r, at, name);
}

static bool read_method(bl_case *c, const bl_case_member *member)
{
    bl_json value;
    if (!bl_case_parse(c, member->value, &c->arena, &value)) return false;
    const bl_json *name = &value;
    if (value.kind == BL_JSON_OBJECT) name = bl_case_member_of(&value, "name|id|method|type|key");
    if (!name || name->kind != BL_JSON_TEXT)
        return bl_ballots_fail(c->r, member->value.bytes, "expected the name of a method, found %s",
                               bl_json_kind_name(value.kind));
    const bl_json *variant = bl_case_member_of(&value, BL_CASE_VARIANT);
    bool is_set = false;
    if (variant && variant->kind == BL_JSON_TEXT &&
        !set_variant(c, member->value.bytes, name->as.text, variant->as.text, &is_set))
        return false;
    c->has_variant = is_set;
    return is_set || set_method(c, member->value.bytes, name->as.text);
}

bool bl_case_read_method(bl_case *c)
{
    const bl_case_member *said = bl_case_find(c, BL_CASE_METHOD);
    if (!said) return true;
    bl_case_use(c, said);
    if (said->value.size > 0 && (said->value.bytes[0] == '"' || said->value.bytes[0] == '{'))
        return read_method(c, said);
    return bl_ballots_fail(c->r, said->value.bytes, "expected the name of a method in quotes");
}

/* ---- names ---- */

/* What is said with yes and no there, and with words here. */
static const struct flag_option {
    const char *keys;
    const char *option;
    const char *yes;
    const char *no; /* NULL: nothing, because another flag may say the same option */
} flag_options[] = {
    {"batch elimination|batch|batch eliminations|bulk elimination|bulk|simultaneous elimination|"
     "multiple elimination|eliminate in batches",
     "elimination", "batch", "single"},
    {"single elimination", "elimination", "single", "batch"},
    {"continue until two candidates remain|continue until two|continue until two remain|until two|"
     "continue to two|until two remain|until two candidates remain|run to two|run until two|"
     "count until two|until two left|until final two|stop at two|to two",
     "until", "two", "majority"},
    {"stop at majority|stop on majority|stop at a majority|until majority|stop early", "until",
     "majority", "two"},
    {"exhaust on duplicate candidate|exhaust on duplicate candidates|exhaust on duplicate|"
     "exhaust on duplicates|exhaust duplicates",
     "duplicates", "exhaust", "skip"},
    {"exhaust on overvote|exhaust on overvotes|exhaust overvotes|overvote exhausts", "overvote",
     "exhaust", "skip"},
    {"skip overvotes|skip overvote|skip overvoted ranks", "overvote", "skip", "exhaust"},
    {"hare quota|use hare quota", "quota", "hare_up", NULL},
    {"non integer winning threshold|fractional threshold|fractional quota|exact quota", "quota",
     "droop_exact", NULL},
    {"first round determines threshold|does first round determine threshold|static threshold|"
     "fixed threshold|freeze threshold|threshold frozen",
     "majority_of", "first_round", "continuing"},
    {"dynamic threshold|dynamic majority", "majority_of", "continuing", "first_round"},
    {"dynamic quota|quota dynamic|recalculate quota|recompute quota", "quota_of", "continuing",
     "first_round"},
    {"static quota|fixed quota|quota static", "quota_of", "first_round", "continuing"},
    {"winning votes", "strength", "winning_votes", "margins"},
    {"margins|use margins", "strength", "margins", "winning_votes"},
    {"implicit ranking|unranked last", "unranked", "last", "no_opinion"},
    {"dowdall", "points", "dowdall", "from_zero"},
    {"modified", "first_divisor", "1.4", "1"},
};
enum { FLAG_COUNT = sizeof flag_options / sizeof *flag_options };

static const struct flag_option *find_flag(bl_text key)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (bl_ballots_is_any(key, flag_options[i].keys)) return &flag_options[i];
    return NULL;
}

/* Names that mean one option of some methods and another of others: the first that the method has
 * and that can be what is said. */
static const struct many_meanings {
    const char *keys;
    const char *options;
    bool is_vague; /* what fits none of them is left out */
} many_meanings[] = {
    {"threshold|winning threshold|threshold rule|majority threshold",
     "threshold|least_share|quota|majority_of", false},
    {"majority|majority rule|majority required", "majority|threshold|majority_of", false},
    {"super majority|supermajorities|majorities|super majority ratio", "majority|threshold", false},
    {"minimum share|min share|vote threshold", "least_share|threshold", false},
    {"unranked|unranked candidates", "unranked|truncated", false},
    {"skipped|skipped ranks|skipped rankings|skipped rank", "skipped_most", false},
    {"max", "highest|choices_most|ranks_most", true},
    {"min", "lowest", true},
    {"scoring|scheme|point scheme|weights|base", "points", true},
    {"variant|variety|measure|metric|formula",
     "strength|points|transfer|quota|first_divisor|elimination|until", true},
};
enum { MEANING_COUNT = sizeof many_meanings / sizeof *many_meanings };

/* ---- values ---- */

/* Words that an option of that kind has a value for. */
static const struct value_word {
    const char *option;
    const char *words;
    const char *value;
} value_words[] = {
    {"skipped_most", "skip|ignore|ignored|advance|continue|next|allow|allowed|pass over|skip over",
     ""},
    {"skipped_most", "exhaust|exhaust immediately|exhaust ballot", "0"},
    {"skipped_most", "exhaust after two|exhaust after 2|exhaust if two|two exhaust", "1"},
    {"threshold", "majority|simple majority|absolute majority|half|more than half", "1/2"},
    {"majority_of", "all|total|initial|first|valid|cast|static|fixed|starting", "first_round"},
    {"majority_of", "active|remaining|dynamic|continuing ballots|non exhausted", "continuing"},
    {"quota_of", "initial|first|static|fixed", "first_round"},
    {"quota_of", "active|remaining|dynamic|recalculated", "continuing"},
    {"decimals", "exact|rational|rationals|fraction|fractions|infinite", ""},
    {"majority", "simple|simple majority", "1"},
    {"points", "0|zero|from 0|n-1", "from_zero"},
    {"points", "1|one|from 1|n", "from_one"},
};
enum { VALUE_WORD_COUNT = sizeof value_words / sizeof *value_words };

/* Whether a key is an option, by any name the one has. */
static bool is_option_named(bl_text key, const char *option)
{
    return bl_count_option_same(key, bl_text_of(option));
}

/* "3:1" is 3/1. */
bl_text bl_case_ratio(bl_case *c, bl_text text)
{
    char *const copy = text.size > 0 ? bl_arena_copy(&c->arena, text.bytes, text.size) : NULL;
    if (!copy && text.size > 0) c->failed = true;
    char *const colon = copy ? memchr(copy, ':', text.size) : NULL;
    if (colon) *colon = '/';
    return copy ? (bl_text){copy, text.size} : text;
}

/* "50%+1" is 50% to be exceeded; where a share is asked for, a number above 1 can only be a per
 * cent. */
static bl_text to_ratio(bl_case *c, bl_text key, bl_text text)
{
    bl_rational value;
    char *const copy = bl_arena_alloc(&c->arena, text.size + 2);
    if (!copy) c->failed = true;
    if (!copy || text.size == 0) return text;
    if (text.size > 3 && memcmp(text.bytes + text.size - 3, "%+1", 3) == 0) text.size -= 2;
    memcpy(copy, bl_case_ratio(c, text).bytes, text.size);
    const bool is_share = is_option_named(key, "threshold") || is_option_named(key, "least_share");
    const bl_text ratio = {copy, text.size};
    if (!is_share || !bl_rational_parse(ratio, &value) || value.num <= value.den ||
        memchr(copy, '%', text.size))
        return ratio;
    copy[text.size] = '%';
    return (bl_text){copy, text.size + 1};
}

static bool is_ratio(bl_text key)
{
    return is_option_named(key, "threshold") || is_option_named(key, "least_share") ||
           is_option_named(key, "majority") || is_option_named(key, "quorum");
}

static bl_text to_value(bl_case *c, bl_text key, bl_text text)
{
    for (size_t i = 0; i < VALUE_WORD_COUNT; i++)
        if (is_option_named(key, value_words[i].option) &&
            bl_ballots_is_any(text, value_words[i].words))
            return bl_text_of(value_words[i].value);
    if (is_ratio(key)) return to_ratio(c, key, text);
    return bl_ballots_is_any(text, "unlimited|max|maximum|all|any|none|no limit") ? BL_TEXT("")
                                                                                  : text;
}

bool bl_case_is_nothing(const bl_json *value)
{
    switch (value->kind) {
    case BL_JSON_NULL: return true;
    case BL_JSON_BOOLEAN: return !value->as.boolean;
    case BL_JSON_NUMBER: return false;
    case BL_JSON_TEXT: return value->as.text.size == 0 || bl_ballots_is_any(value->as.text, "none");
    case BL_JSON_ARRAY:
    case BL_JSON_OBJECT: return value->count == 0;
    }
    return false;
}

/* ---- one option ---- */

/* Whether the option of that name can be that: tried on a copy. */
static bool can_be(const bl_case *c, bl_text name, bl_text text)
{
    bl_count_options options = c->r->out->options;
    return bl_count_option_set(&options, name, text, NULL);
}

/* Which of the options is meant: the first that can be that, else the first that the method has. */
static bl_text choose_meaning(bl_case *c, const struct many_meanings *row, bl_text text)
{
    bl_text found = {NULL, 0};
    const char *options = row->options;
    for (size_t size; *options != '\0'; options += size + (options[size] == '|')) {
        size = strcspn(options, "|");
        const bl_text one = {options, size};
        if (!bl_ballots_has_option(c->r, one)) continue;
        if (can_be(c, one, to_value(c, one, text))) return one;
        if (found.size == 0 && !row->is_vague) found = one;
    }
    return found;
}

/* The option a key means; empty: none of the method's. */
static bl_text option_of(bl_case *c, bl_text key, bl_text text)
{
    for (size_t i = 0; i < MEANING_COUNT; i++)
        if (bl_ballots_is_any(key, many_meanings[i].keys))
            return choose_meaning(c, &many_meanings[i], text);
    return bl_ballots_has_option(c->r, key) ? key : (bl_text){NULL, 0};
}

bool bl_case_is_option(const bl_case *c, bl_text key)
{
    for (size_t i = 0; i < MEANING_COUNT; i++)
        if (bl_ballots_is_any(key, many_meanings[i].keys)) return true;
    return find_flag(key) || bl_ballots_is_any(key, BL_BALLOTS_SEATS) ||
           bl_ballots_has_option(c->r, key);
}

/* What is none of the method's is told where it stands among options and says something. */
static bool leave_out(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    const bool is_told = member->is_option && !bl_case_is_nothing(value) && !r->is_other_method;
    c->is_left = !r->is_other_method && value->kind != BL_JSON_NUMBER; /* that is a figure */
    if (is_told && r->out->options.method == BL_METHOD_NONE)
        return bl_ballots_fail(r, member->value.bytes,
                               "`%s` is an option of a method, and no method is named",
                               bl_ballots_show(r, member->key));
    return !is_told || bl_ballots_leave_out(r, member->key);
}

/* Yes or no, as JSON or as people write it. False: neither. */
static bool is_flag_value(const bl_json *value, bool *is_yes)
{
    *is_yes = value->kind == BL_JSON_BOOLEAN
                  ? value->as.boolean
                  : value->kind == BL_JSON_TEXT && bl_ballots_is_any(value->as.text, "yes|true|on");
    return value->kind == BL_JSON_BOOLEAN || *is_yes ||
           (value->kind == BL_JSON_TEXT &&
            bl_ballots_is_any(value->as.text, "no|false|off|none|never"));
}

static bool set_flag(bl_case *c, const bl_case_member *member, const bl_json *value,
                     const struct flag_option *flag, bool is_yes)
{
    const bl_text option = bl_text_of(flag->option);
    const char *word = is_yes ? flag->yes : flag->no;
    if (!bl_ballots_has_option(c->r, option)) return !is_yes || leave_out(c, member, value);
    if (!word) return true;
    /* an exact quota, and one of Hare */
    const uint32_t quota = c->r->out->options.quota;
    const bool is_exact = strcmp(word, "droop_exact") == 0, is_hare = strcmp(word, "hare_up") == 0;
    if ((is_exact && quota == BL_QUOTA_HARE_UP) || (is_hare && quota == BL_QUOTA_DROOP_EXACT))
        word = "hare_exact";
    return bl_ballots_set_option(c->r, member->value.bytes, option, bl_text_of(word));
}

/* The Universal RCV Tabulator says some things to every method, and writes per cents as numbers. */
#define PERCENTAGE "multi seat bottoms up percentage threshold"

static bool is_said_to_all(bl_text key)
{
    return bl_ballots_is_any(key, "decimal places for vote arithmetic|" PERCENTAGE);
}

static bool set_percentage(bl_case *c, const bl_case_member *member, bl_text text)
{
    if (!bl_ballots_has_option(c->r, BL_TEXT("threshold"))) return true;
    char *const percentage = bl_arena_alloc(&c->arena, text.size + 1);
    if (!percentage) return bl_ballots_nomem(c->r);
    memcpy(percentage, text.bytes, text.size);
    percentage[text.size] = '%';
    return bl_ballots_set_option(c->r, member->value.bytes, BL_TEXT("threshold"),
                                 (bl_text){percentage, text.size + 1});
}

/* Figures of a result share their names with options: "quota": 834 is none of ours, nor is a
 * threshold in votes. */
static bool is_figure(bl_case *c, const bl_json *value, bl_text option, bl_text text)
{
    if (value->kind != BL_JSON_NUMBER) return false;
    if (is_option_named(option, "threshold") &&
        bl_rational_compare(value->as.number, BL_RATIONAL(1)) > 0)
        return true;
    return !can_be(c, option, text);
}

/* "By lot", or ["previous round", "by lot"]: blanks are inside of words, commas between them. */
static bl_text join_words(bl_case *c, const bl_json *value, bl_text said)
{
    bl_buffer words;
    bl_buffer_init(&words, c->r->memory);
    const bool is_list = value->kind == BL_JSON_ARRAY;
    for (uint32_t i = 0; i < (is_list ? value->count : 1); i++) {
        const bl_json *one = is_list ? &value->as.items[i] : value;
        for (size_t k = 0; one->kind == BL_JSON_TEXT && k < one->as.text.size; k++) {
            const char byte = one->as.text.bytes[k];
            const bool is_after_comma = k > 0 && one->as.text.bytes[k - 1] == ',';
            if (byte != ' ' || !is_after_comma) bl_buffer_char(&words, byte == ' ' ? '_' : byte);
        }
        bl_buffer_char(&words, ' ');
    }
    const char *const copy = words.failed ? NULL
                                          : bl_arena_copy(&c->arena, words.bytes, words.size);
    if (!copy) c->failed = true;
    const bl_text joined = copy ? (bl_text){copy, words.size} : said;
    bl_buffer_free(&words);
    return joined;
}

static bool set_known(bl_case *c, const bl_case_member *member, const bl_json *value,
                      bl_text option, bl_text said)
{
    bl_ballots_reader *const r = c->r;
    bl_text text = to_value(c, option, said);
    if (is_option_named(option, "ties") && !can_be(c, option, text))
        text = join_words(c, value, said);
    if (c->failed) return bl_ballots_nomem(r);
    if (!member->is_option && is_figure(c, value, option, text)) return true;
    const bool fits = can_be(c, option, text);
    if (bl_case_is_nothing(value) && !fits) return true;
    return bl_ballots_set_option(r, member->value.bytes, option, fits ? text : said);
}

/* {"type": "droop"}, {"rule": "lot", "seed": 7}: what it is, with what belongs to it. */
static const bl_json *unpack(const bl_json *value)
{
    const bl_json *rule = bl_case_member_of(value, "rule|rules|method|methods|mode|value|type");
    return rule ? rule : value;
}

/* Whether it is what an option may be said with: no object, and no list with other than words. */
static bool is_plain(const bl_json *value)
{
    if (value->kind == BL_JSON_OBJECT) return false;
    if (value->kind != BL_JSON_ARRAY) return true;
    for (uint32_t i = 0; i < value->count; i++)
        if (value->as.items[i].kind != BL_JSON_TEXT && value->as.items[i].kind != BL_JSON_NUMBER)
            return false;
    return true;
}

bool bl_case_set_option(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    const char *const at = member->value.bytes;
    const struct flag_option *flag = find_flag(member->key);
    bl_text text;
    bool is_yes;
    value = unpack(value);
    if (flag && is_flag_value(value, &is_yes)) return set_flag(c, member, value, flag, is_yes);
    if (value->kind == BL_JSON_NULL) return true;
    if (!is_plain(value)) return leave_out(c, member, value);
    if (!bl_case_as_text(c, value, &text)) return false;
    if (text.size == 0) return true;
    if (bl_ballots_is(member->key, PERCENTAGE)) return set_percentage(c, member, text);
    if (bl_ballots_is_any(member->key, BL_BALLOTS_SEATS))
        return bl_ballots_set_option(r, at, member->key, text);
    const bl_text option = option_of(c, flag ? bl_text_of(flag->option) : member->key, text);
    if (option.size > 0) return set_known(c, member, value, option, text);
    return is_said_to_all(member->key) || leave_out(c, member, value);
}

/* {"min": 0, "max": 5} or [0, 5]: the lowest and the highest score. */
bool bl_case_set_range(bl_case *c, const bl_case_member *member, const bl_json *value)
{
    bl_ballots_reader *const r = c->r;
    const bool is_pair = value->kind == BL_JSON_ARRAY && value->count == 2;
    const bl_json *lowest = is_pair ? &value->as.items[0]
                                    : bl_case_member_of(value, "min|minimum|lowest|low|from");
    const bl_json *highest = is_pair ? &value->as.items[1]
                                     : bl_case_member_of(value, "max|maximum|highest|high|to");
    bl_text text;
    if (!bl_ballots_has_option(r, BL_TEXT("highest"))) return leave_out(c, member, value);
    if (!lowest || !highest)
        return bl_ballots_fail(r, member->value.bytes,
                               "expected the lowest and the highest score, as [0, 5]");
    return bl_case_as_text(c, lowest, &text) &&
           bl_ballots_set_option(r, bl_case_at(c, lowest), BL_TEXT("lowest"), text) &&
           bl_case_as_text(c, highest, &text) &&
           bl_ballots_set_option(r, bl_case_at(c, highest), BL_TEXT("highest"), text);
}
