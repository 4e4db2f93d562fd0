/*
 * The verbs that ask: a stream of events in, one answer out. Each says what its operands before the
 * files of events are, and which question of bylaw.h it puts.
 */
#include "commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "policy_file.h"
#include "replay.h"

typedef bylaw_status (*ask_function)(bylaw_engine *, const bylaw_question *, bylaw_writer);

typedef struct asking {
    const tool_arguments *arguments;
    ask_function function;
    const char *sort; /* of thing it is about: "proposal", "person" */
    const char *about;
    const char *word; /* NULL: none */
    size_t operand_count; /* that stand before the files */
    tool_output output;
} asking;

static void ignore_outcome(void *context, const bylaw_outcome *outcome)
{
    (void)context;
    (void)outcome;
}

static bylaw_text text_of(const char *text)
{
    return (bylaw_text){text, text ? strlen(text) : 0};
}

/* What was written names what there is: the nearest name, or the words that are known. */
static exit_status complain(asking *a, bylaw_status status)
{
    const int size = (int)a->output.size;
    const char *bytes = a->output.bytes;
    a->output.size = 0;
    if (status == BYLAW_NO_WORD)
        fprintf(stderr, "bylaw: `%s` is none of these: %.*s\n", a->word ? a->word : "", size,
                bytes);
    else if (status != BYLAW_ABSENT)
        fprintf(stderr, "bylaw: %s\n", bylaw_status_text(status));
    else if (size > 0)
        fprintf(stderr, "bylaw: there is no %s `%s`; did you mean `%.*s`?\n", a->sort, a->about,
                size, bytes);
    else
        fprintf(stderr, "bylaw: there is no %s `%s`\n", a->sort, a->about);
    if (status == BYLAW_NO_WORD) return STATUS_USAGE;
    return status == BYLAW_ABSENT ? STATUS_FINDINGS : STATUS_FAILED;
}

static exit_status ask_engine(asking *a, bylaw_engine *engine)
{
    const tool_arguments *arguments = a->arguments;
    const exit_status status = replay(arguments, engine, arguments->operands + a->operand_count,
                                      arguments->operand_count - a->operand_count, &a->output);
    if (status != STATUS_FINE && status != STATUS_MALFORMED) return status;
    const bylaw_question question = {.about = text_of(a->about),
                                     .word = text_of(a->word),
                                     .depth = arguments->depth,
                                     .format = arguments->format,
                                     .color = wants_color(arguments, STDOUT_FILENO)};
    const bylaw_status answered = a->function(engine, &question, output_writer(&a->output));
    return answered == BYLAW_OK ? status : complain(a, answered);
}

static exit_status ask_policy(asking *a, const bylaw_policy *policy)
{
    const tool_arguments *arguments = a->arguments;
    output_init(&a->output, STDOUT_FILENO);
    const bylaw_engine_options options = {.outcome = ignore_outcome,
                                          .record = true,
                                          .stop_on_malformed = arguments->stop_on_malformed,
                                          .at = text_of(arguments->at),
                                          .at_seq = arguments->at_seq};
    bylaw_engine *engine;
    exit_status status = replay_open(policy, &options, &engine);
    if (status != STATUS_FINE) return status;
    status = ask_engine(a, engine);
    bylaw_engine_destroy(engine);
    return output_finish(&a->output) ? status : STATUS_FAILED;
}

static exit_status ask(asking *a)
{
    bylaw_policy *policy;
    exit_status status = policy_open(
        a->arguments, a->arguments->policy ? a->arguments->policy : POLICY_DEFAULT, &policy);
    if (status != STATUS_FINE) return status;
    status = replay_check_until(a->arguments, policy);
    if (status == STATUS_FINE) status = ask_policy(a, policy);
    bylaw_policy_destroy(policy);
    return replay_finish(status);
}

static exit_status complain_operands(const char *wanted)
{
    fprintf(stderr, "bylaw: %s\n", wanted);
    return STATUS_USAGE;
}

/* ---- the verbs ---- */

exit_status cmd_why(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0)
        return complain_operands("`bylaw why` wants the id of a proposal");
    if (arguments->wanted && !arguments->why_not)
        return complain_operands("`--for` goes with `--not`: why it is not OUTCOME");
    asking a = {.arguments = arguments,
                .function = arguments->why_not ? bylaw_engine_why_not : bylaw_engine_why,
                .sort = "proposal",
                .about = arguments->operands[0],
                .word = arguments->wanted,
                .operand_count = 1};
    return ask(&a);
}

exit_status cmd_timeline(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0)
        return complain_operands("`bylaw timeline` wants the id of a proposal");
    asking a = {.arguments = arguments,
                .function = bylaw_engine_timeline,
                .sort = "proposal",
                .about = arguments->operands[0],
                .operand_count = 1};
    return ask(&a);
}

exit_status cmd_who(const tool_arguments *arguments)
{
    if (arguments->operand_count < 3 || strcmp(arguments->operands[0], "can") != 0)
        return complain_operands("`bylaw who` wants `can`, a verb and the id of a proposal: "
                                 "bylaw who can veto PROPOSAL");
    asking a = {.arguments = arguments,
                .function = bylaw_engine_who_can,
                .sort = "proposal",
                .about = arguments->operands[2],
                .word = arguments->operands[1],
                .operand_count = 3};
    return ask(&a);
}

exit_status cmd_pending(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0)
        return complain_operands("`bylaw pending` wants a handle, or `all`");
    const bool is_everybody = strcmp(arguments->operands[0], "all") == 0;
    asking a = {.arguments = arguments,
                .function = bylaw_engine_pending,
                .sort = "person",
                .about = is_everybody ? "" : arguments->operands[0],
                .operand_count = 1};
    return ask(&a);
}

exit_status cmd_needs(const tool_arguments *arguments)
{
    if (arguments->operand_count == 0)
        return complain_operands("`bylaw needs` wants the id of a proposal");
    asking a = {.arguments = arguments,
                .function = bylaw_engine_needs,
                .sort = "proposal",
                .about = arguments->operands[0],
                .word = arguments->wanted,
                .operand_count = 1};
    return ask(&a);
}
