/*
 * The grammar: tokens to a tree (ast.def). Each action calls one constructor, which returns NULL only out
 * of memory; nothing is checked here but the shape.
 *
 * Clauses have no end marks: each begins with its own word. So a word that can go on an expression
 * (`or`, `is`, `of`, `by` …) is reserved, the others may be names too: see keywords.def. Of bison's
 * precedences only three things are decided, all marked below and held by tests/unit/test_parse.c:
 * `except`, `or`, `and`, `not`; that quantifiers and `if … then … else` reach as far as they can; and
 * that a bare name in front of `of` is the name of a role.
 */
%require "3.8"
%define api.pure full
%define api.prefix {bl_yy}
%define api.token.prefix {TK_}
%define api.location.type {bl_span}
%define parse.error custom
%define parse.lac full
%define lr.type ielr
%locations
%expect 0
%param {bl_parser *parser}
%code requires {
#include "parse.h"
}

%code {
#include "grammar_actions.h"

/* The generated parser is not ours to tidy. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif

int bl_yylex(BL_YYSTYPE *value, bl_span *span, bl_parser *parser);
static void bl_yyerror(bl_span *span, bl_parser *parser, const char *message);
}

%initial-action { @$ = (bl_span){parser->file, 0, 0}; }
%union {
    bl_word word;
    bl_node *node;
    bl_nodes list;
    uint32_t flags;
}

%token START_STATEMENTS "statements"
%token END 0 "the end of the file"
%token LBRACE "`{`" RBRACE "`}`" LPAREN "`(`" RPAREN "`)`" LBRACKET "`[`" RBRACKET "`]`" COMMA "`,`"
    COLON "`:`" DOT "`.`" ASSIGN "`=`" EQUAL "`==`" UNEQUAL "`!=`" LESS "`<`" LESS_EQUAL "`<=`"
    GREATER "`>`" GREATER_EQUAL "`>=`" PLUS "`+`" MINUS "`-`" TIMES_SIGN "`*`" SLASH "`/`"
%token <word> NAME "a name"
%token <word> TEXT "a text"
%token <word> HANDLE "a handle (`@name`)"
%token <word> NUMBER "a number"
%token <word> DATE "a date"
%token <word> TIME "a time"
%token <word> UNIT "a unit of time (`days`, `months`, …)"
%token <word> VERB "a ballot (`approve`, `reject`, …)"
%token <word> VERBS "an act (`approves`, `vetoes`, …)"

/* Never names */
%token <word> AND "`and`" OR "`or`" NOT "`not`" IS "`is`" IN "`in`" OF "`of`" EXCEPT "`except`"
    AMONG "`among`" MATCHES "`matches`" BEGINS "`begins`" CONTAINS "`contains`" CAN "`can`"
    THEN "`then`" ELSE "`else`" IF "`if`" TRUE "`true`" FALSE "`false`" BY "`by`"
    CHANGED "`changed`"
/* Also names */
%token <word> PERSON "`person`" ORGANIZATION "`organization`" AGENT "`agent`" PEOPLE "`people`"
    ORGANIZATIONS "`organizations`" AGENTS "`agents`" SCOPE "`scope`" ROLE "`role`" BODY "`body`"
    LADDER "`ladder`" PROPOSAL "`proposal`" PROCEDURE "`procedure`" EVENT "`event`"
    ANYONE "`anyone`" OPEN "`open`" REASON "`reason`" EFFECT "`effect`" FINAL "`final`"
    DEADLINE "`deadline`" CONFLICT "`conflict`" CONFLICTED "`conflicted`" ONCE "`once`"
    LEAST "`least`" MOST "`most`" SETTLED "`settled`" EXACT "`exact`" HANDLES "`handles`"
    OPENING "`opening`" BALLOTS "`ballots`" PROPOSALS "`proposals`" ACTIVITY "`activity`"
    REACHED "`reached`" TIMES "`times`" CONTINUE "`continue`" RESTART "`restart`" LAPSE "`lapse`"
    PROBABILITY "`probability`" SEATS "`seats`" NEEDS "`needs`"
/* Also fields and attributes */
%token <word> POLICY "`policy`" USE "`use`" EXTENDS "`extends`" ON "`on`" LET "`let`"
    FUNCTION "`function`" CONFLICTS "`conflicts`" DECLARED "`declared`" SCENARIO "`scenario`"
    PROPERTY "`property`" SIMULATION "`simulation`" DUTY "`duty`" EVERY "`every`" HELD "`held`"
    FROM "`from`" EXACTLY "`exactly`" AT "`at`" INCLUDES "`includes`" GRANTED "`granted`"
    REVOKED "`revoked`" CITES "`cites`" TERM "`term`" BECOMES "`becomes`" WITHOUT "`without`"
    PER "`per`" RAISED "`raised`" SECONDED "`seconded`" REQUIRES "`requires`" ACCEPTS "`accepts`"
    CANDIDATES "`candidates`" OPTIONS "`options`" DEFAULT "`default`" DECIDED "`decided`"
    TOGETHER "`together`" ESCALATES "`escalates`" ALONG "`along`" VETO "`veto`" DISPUTE "`dispute`"
    REFUSES "`refuses`" TAKES "`takes`" OVERRIDDEN "`overridden`" USING "`using`" WITHIN "`within`"
    THROUGH "`through`" AFTER "`after`" WHILE "`while`" WITH "`with`" REASONED "`reasoned`"
    WHEN "`when`" AS "`as`" BALLOT "`ballot`" COUNTS "`counts`" QUORUM "`quorum`" WEIGH "`weigh`"
    PASSES "`passes`" FAILS "`fails`" OTHERWISE "`otherwise`" CLOSES "`closes`" FOR "`for`"
    TIES "`ties`" BROKEN "`broken`" EXTENDED "`extended`" REOPENS "`reopens`"
    DELEGATION "`delegation`" GRANT "`grant`" REVOKE "`revoke`" CREATE "`create`" REMOVE "`remove`"
    SET "`set`" EMIT "`emit`" DISCARD "`discard`" EACH "`each`" ADOPT "`adopt`" TO "`to`"
    COUNT "`count`" TOTAL "`total`" ANY "`any`" OTHER "`other`" FIRST "`first`" HIGHEST "`highest`"
    LOWEST "`lowest`" LAST "`last`" LIST "`list`" OPTIONAL "`optional`" ARE "`are`" GIVEN "`given`"
    EXPECT "`expect`" REFUSED "`refused`" SEED "`seed`" BECAUSE "`because`" PROPOSES "`proposes`"
    RECUSES "`recuses`" DECLARES "`declares`" RESIGNS "`resigns`" GRANTS "`grants`"
    REVOKES "`revokes`" CREATES "`creates`" REMOVES "`removes`" SETS "`sets`" RANKS "`ranks`"
    CHOOSES "`chooses`" SCORES "`scores`" EMITS "`emits`" DELEGATES "`delegates`"
    UNDELEGATES "`undelegates`" MUST "`must`" NEVER "`never`" ALWAYS "`always`" RUN "`run`"
    MEASURE "`measure`" ABOUT "`about`"

%type <word> primary_word label_word word attribute_word candidate_word can_verb act_verb
%type <node> declaration policy face actor scope plain_attribute changed_attribute field
%type <node> type role body ladder proposal every_proposal procedure event rule let function
%type <node> conflicts scenario calendar duty property simulation
%type <node> role_clause ladder_clause proposal_clause procedure_clause rung cites override modifier
%type <node> effect if_effect binding
%type <node> expr comparison right open sum product unary among negation tight postfix primary call
%type <node> of of_operand name name_of_word given_word text number handle target ref argument duration
%type <node> opt_title opt_parent opt_scope opt_using opt_when opt_type opt_binder opt_by opt_default
%type <node> opt_on opt_as opt_because opt_extends option option_name opt_default_option opt_instance
%type <node> opt_id opt_name opt_times later_stage setting setting_value
%type <node> statement given actor_statement act id rank candidate score
%type <list> faces opt_faces texts attributes plain_last changed_last opt_attributes refs
%type <list> fields opt_fields event_fields parameters opt_parameters
%type <list> role_clauses opt_role_clauses ladder_clauses proposal_clauses
%type <list> procedure_clauses overrides opt_overridden modifiers effects block opt_else
%type <list> tie_rules settings opt_settings record bindings opt_record opt_arguments arguments expressions options kinds opt_excepts
%type <list> statements acts handles ids ranking rank_items candidates scores
%type <flags> actor_sort actor_kind held_kinds held_kind negation_word quantifier extreme opt_anyone

/* `a or b except c` is `(a or b) except c`; `not a is b` is `not (a is b)`. (test: precedence_of_words) */
%precedence REACHING /* rules that take what follows: see `open` */
%precedence COLON    /* of two quantifiers the inner takes the condition */
%left EXCEPT
%left OR
%left AND
%precedence NOT
/* `portion of body` is an OF, not a product of two things. (test: name_before_of) */
%precedence BARE
%precedence OF
%start start
%%

start: declarations END | START_STATEMENTS statements END { bl_parser_take(parser, $2); } ;

/*
 * After a slip bison is silent until it has shifted three tokens; `yyerrok` ends the silence as soon as
 * something whole has followed, so that short neighbours get their own message.
 */

/* ---- declarations ---- */

declarations:
    %empty
    | declarations declaration { bl_parser_take(parser, bl_nodes_of($2)); yyerrok; }
    | declarations error ;

declaration:
    policy | actor | scope | role | body | ladder | proposal | every_proposal | procedure | event
    | rule | let | function | conflicts | scenario | calendar | duty | property | simulation
    | USE text { TRY($$ = MAKE(@$, USE, 0, $2)); } ;

policy:
    POLICY primary_word opt_title opt_extends opt_faces {
        TRY($$ = bl_make_policy(parser, @$, $2, $3, $4, $5.first));
    } ;

opt_extends: %empty { $$ = NULL; } | EXTENDS text { $$ = $2; } ;
opt_faces: %empty { $$ = NOTHING; } | LBRACE faces RBRACE { $$ = $2; } ;

faces:
    %empty { $$ = NOTHING; }
    | faces face { $$ = bl_nodes_add($1, $2); yyerrok; }
    | faces error { $$ = $1; } ;

face:
    primary_word text { TRY($$ = MAKE_NAMED(@$, FACE, 0, $1, $2)); }
    | CITES text { TRY($$ = MAKE_NAMED(@$, FACE, 0, $1, $2)); }
    | HANDLES EXACT { TRY($$ = MAKE_NAMED(@$, FACE, BL_FLAG_EXACT, $1, NULL)); } ;

actor: actor_sort LBRACE attributes RBRACE { TRY($$ = MAKE(@$, ACTOR, $1, $3.first)); } ;

actor_sort:
    PERSON { $$ = BL_FLAG_PERSON; }
    | ORGANIZATION { $$ = BL_FLAG_ORGANIZATION; }
    | AGENT { $$ = BL_FLAG_AGENT; } ;

scope:
    SCOPE primary_word opt_parent opt_title opt_attributes {
        TRY($$ = MAKE_NAMED(@$, SCOPE, 0, $2, $4, $3, $5.first));
    } ;

opt_parent: %empty { $$ = NULL; } | IN name_of_word { $$ = $2; } ;
opt_attributes: %empty { $$ = NOTHING; } | LBRACE attributes RBRACE { $$ = $2; } ;

/* Commas may part attributes, but not behind `changed by`, where they go on its list. */
attributes: %empty { $$ = NOTHING; } | plain_last | changed_last ;

plain_last:
    plain_attribute { $$ = bl_nodes_of($1); }
    | plain_last opt_comma plain_attribute { $$ = bl_nodes_add($1, $3); }
    | changed_last plain_attribute { $$ = bl_nodes_add($1, $2); } ;

changed_last:
    changed_attribute { $$ = bl_nodes_of($1); }
    | plain_last opt_comma changed_attribute { $$ = bl_nodes_add($1, $3); }
    | changed_last changed_attribute { $$ = bl_nodes_add($1, $2); }
    | error { $$ = NOTHING; }
    | plain_last error { $$ = $1; }
    | changed_last error { $$ = $1; } ;

opt_comma: %empty | COMMA ;

plain_attribute:
    attribute_word COLON type opt_default {
        TRY($$ = MAKE_NAMED(@$, ATTRIBUTE, 0, $1, $3, $4));
    } ;

changed_attribute:
    attribute_word COLON type opt_default CHANGED BY refs {
        TRY($$ = MAKE_NAMED(@$, ATTRIBUTE, 0, $1, $3, $4, $7.first));
    } ;

opt_default: %empty { $$ = NULL; } | ASSIGN expr { $$ = $2; } ;

type:
    primary_word { TRY($$ = bl_make_name(parser, BL_NODE_TYPE, $1)); }
    | LIST OF type { $$ = bl_make_type($3, @$, BL_FLAG_LIST); }
    | OPTIONAL type { $$ = bl_make_type($2, @$, BL_FLAG_OPTIONAL); } ;

field: word COLON type { TRY($$ = MAKE_NAMED(@$, FIELD, 0, $1, $3)); } ;
fields: field { $$ = bl_nodes_of($1); } | fields COMMA field { $$ = bl_nodes_add($1, $3); } ;
opt_fields: %empty { $$ = NOTHING; } | fields ;
parameters: LPAREN opt_fields RPAREN { $$ = $2; } ;
opt_parameters: %empty { $$ = NOTHING; } | parameters ;

role:
    ROLE primary_word opt_scope opt_title opt_anyone opt_role_clauses {
        TRY($$ = MAKE_NAMED(@$, ROLE, $5, $2, $3, $4, $6.first));
    } ;

opt_anyone: %empty { $$ = 0; } | IS ANYONE { $$ = BL_FLAG_ANYONE; } ;
opt_scope: %empty { $$ = NULL; } | OF name_of_word { $$ = $2; } ;
opt_title: %empty { $$ = NULL; } | text ;
opt_on: %empty { $$ = NULL; } | ON name_of_word { $$ = $2; } ;

body:
    BODY primary_word opt_scope opt_title ASSIGN expr {
        TRY($$ = MAKE_NAMED(@$, BODY, 0, $2, $4, $6, $3));
    } ;

ladder:
    LADDER primary_word opt_title LBRACE ladder_clauses RBRACE {
        TRY($$ = MAKE_NAMED(@$, LADDER, 0, $2, $3, $5.first));
    } ;

proposal:
    PROPOSAL primary_word opt_on opt_title LBRACE proposal_clauses RBRACE {
        TRY($$ = MAKE_NAMED(@$, PROPOSAL, 0, $2, $3, $4, $6.first));
    } ;

every_proposal:
    EVERY PROPOSAL opt_on opt_excepts LBRACE proposal_clauses RBRACE {
        TRY($$ = MAKE(@$, EVERY_PROPOSAL, 0, $3, $4.first, $6.first));
    } ;

opt_excepts: %empty { $$ = NOTHING; } | EXCEPT kinds { $$ = $2; } ;

kinds:
    name_of_word { $$ = bl_nodes_of($1); }
    | kinds or_comma name_of_word { $$ = bl_nodes_add($1, $3); } ;

or_comma: OR | COMMA ;

procedure:
    PROCEDURE primary_word opt_parameters opt_title LBRACE procedure_clauses RBRACE {
        TRY($$ = MAKE_NAMED(@$, PROCEDURE, 0, $2, $3.first, $4, $6.first));
    } ;

event:
    EVENT primary_word { TRY($$ = MAKE_NAMED(@$, EVENT, 0, $2, NULL)); }
    | EVENT primary_word LBRACE RBRACE { TRY($$ = MAKE_NAMED(@$, EVENT, 0, $2, NULL)); }
    | EVENT primary_word LBRACE event_fields RBRACE {
        TRY($$ = MAKE_NAMED(@$, EVENT, 0, $2, $4.first));
    } ;

event_fields:
    field { $$ = bl_nodes_of($1); }
    | event_fields opt_comma field { $$ = bl_nodes_add($1, $3); }
    | event_fields error { $$ = $1; }
    | error { $$ = NOTHING; } ;

rule:
    ON primary_word opt_binder opt_by opt_when opt_title block {
        TRY($$ = MAKE_NAMED(@$, RULE, 0, $2, $3, $4, $5, $7.first, $6));
    } ;

opt_binder: %empty { $$ = NULL; } | LPAREN name_of_word RPAREN { $$ = $2; } ;
opt_by: %empty { $$ = NULL; } | BY expr { $$ = $2; } ;
opt_when: %empty { $$ = NULL; } | WHEN expr { $$ = $2; } ;
let: LET primary_word opt_type ASSIGN expr { TRY($$ = MAKE_NAMED(@$, LET, 0, $2, $3, $5)); } ;

function:
    FUNCTION primary_word parameters opt_type ASSIGN expr {
        TRY($$ = MAKE_NAMED(@$, FUNCTION, 0, $2, $3.first, $4, $6));
    } ;

opt_type: %empty { $$ = NULL; } | COLON type { $$ = $2; } ;
conflicts: CONFLICTS DECLARED BY expr { TRY($$ = MAKE(@$, CONFLICTS, 0, $4)); } ;

scenario:
    SCENARIO TEXT LBRACE statements RBRACE {
        TRY($$ = MAKE_NAMED(@$, SCENARIO, 0, $2, $4.first));
    } ;

/* ---- declarations that are not available yet ---- */

calendar:
    EVERY duration FROM expr opt_title block {
        TRY($$ = MAKE_LATER(@$, @1, "a calendar rule (`every … from …`)"));
    } ;

duty: DUTY TEXT LBRACE duty_clauses RBRACE { TRY($$ = MAKE_LATER(@$, @1, "a duty")); } ;
duty_clauses: %empty | duty_clauses duty_clause | duty_clauses error ;
duty_clause: cites | expr MUST word duty_time | EACH OF expr MUST word duty_time ;
duty_time: WITHIN expr AFTER word | EVERY duration ;

property:
    PROPERTY TEXT LBRACE property_clauses RBRACE { TRY($$ = MAKE_LATER(@$, @1, "a property")); } ;

property_clauses: %empty | property_clauses property_clause | property_clauses error ;
property_clause: cites | given | NEVER expr | ALWAYS expr ;

simulation:
    SIMULATION primary_word opt_title LBRACE simulation_clauses RBRACE {
        TRY($$ = MAKE_LATER(@$, @1, "a simulation"));
    } ;

simulation_clauses: %empty | simulation_clauses simulation_clause | simulation_clauses error ;

simulation_clause:
    given
    | GIVEN NUMBER actor_kind are ref
    | EVERY duration COLON sum PROPOSES primary_word
    | EVERY duration COLON sum PROPOSES primary_word ON sum
    | EACH sum behaviours
    | RUN number TIMES
    | RUN number TIMES FOR duration
    | MEASURE measures ;

behaviours: behaviour | behaviours COMMA behaviour ;
behaviour: VERBS OTHERWISE | VERBS WITH PROBABILITY sum | VERBS WITH PROBABILITY sum AFTER delay ;
delay: duration | ABOUT duration ;
measures: measure | measures COMMA measure ;
measure: primary_word | primary_word OF primary_word | primary_word OF primary_word TO ref ;

/* ---- clauses of roles ---- */

opt_role_clauses: %empty { $$ = NOTHING; } | LBRACE role_clauses RBRACE { $$ = $2; } ;

role_clauses:
    %empty { $$ = NOTHING; }
    | role_clauses role_clause { $$ = bl_nodes_add($1, $2); yyerrok; }
    | role_clauses error { $$ = $1; } ;

role_clause:
    cites
    | HELD BY held_kinds { TRY($$ = MAKE(@$, HELD_BY, $3, NULL)); }
    | FROM expr { TRY($$ = MAKE(@$, FROM, 0, $2)); }
    | EXACTLY expr { TRY($$ = MAKE(@$, CARDINALITY, BL_FLAG_EXACTLY, $2)); }
    | AT LEAST expr { TRY($$ = MAKE(@$, CARDINALITY, BL_FLAG_AT_LEAST, $3)); }
    | AT MOST expr { TRY($$ = MAKE(@$, CARDINALITY, BL_FLAG_AT_MOST, $3)); }
    | AT MOST expr PER word { TRY($$ = MAKE_LATER(@$, @1, "a cap `per …`")); }
    | INCLUDES ref { TRY($$ = MAKE(@$, INCLUDES, 0, $2)); }
    | GRANTED BY refs { TRY($$ = MAKE(@$, GRANTED_BY, 0, $3.first)); }
    | REVOKED BY refs { TRY($$ = MAKE(@$, REVOKED_BY, 0, $3.first)); }
    | TERM expr { TRY($$ = MAKE_LATER(@$, @1, "a term of office")); }
    | BECOMES ref AFTER expr WITHOUT ACTIVITY {
        TRY($$ = MAKE_LATER(@$, @1, "`becomes … after … without activity`"));
    } ;

held_kinds:
    held_kind
    | held_kinds or_comma held_kind { $$ = $1 | $3; } ;

held_kind:
    PEOPLE { $$ = BL_FLAG_PERSON; }
    | ORGANIZATIONS { $$ = BL_FLAG_ORGANIZATION; }
    | AGENTS { $$ = BL_FLAG_AGENT; } ;

cites: CITES texts { TRY($$ = MAKE(@$, CITES, 0, $2.first)); } ;
texts: text { $$ = bl_nodes_of($1); } | texts COMMA text { $$ = bl_nodes_add($1, $3); } ;

refs:
    ref { $$ = bl_nodes_of($1); }
    | refs or_comma ref { $$ = bl_nodes_add($1, $3); } ;

ref: name | of ;

/* ---- clauses of ladders and proposals ---- */

ladder_clauses:
    %empty { $$ = NOTHING; }
    | ladder_clauses ladder_clause { $$ = bl_nodes_add($1, $2); yyerrok; }
    | ladder_clauses error { $$ = $1; } ;

ladder_clause: cites | rung ;

rung:
    ESCALATES TO expr opt_using modifiers {
        TRY($$ = MAKE(@$, STAGE, BL_FLAG_ESCALATES, $3, $4, $5.first));
    } ;

proposal_clauses:
    %empty { $$ = NOTHING; }
    | proposal_clauses proposal_clause { $$ = bl_nodes_add($1, $2); yyerrok; }
    | proposal_clauses error { $$ = $1; } ;

proposal_clause:
    cites
    | rung
    | RAISED BY expr opt_when { TRY($$ = MAKE(@$, RAISED_BY, 0, $3, $4)); }
    | SECONDED BY expr modifiers { TRY($$ = MAKE_LATER(@$, @1, "seconding")); }
    | REQUIRES fields { TRY($$ = MAKE(@$, REQUIRES, 0, $2.first)); }
    | ACCEPTS fields { TRY($$ = MAKE(@$, ACCEPTS, 0, $2.first)); }
    | CANDIDATES FROM expr opt_default_option { TRY($$ = MAKE(@$, CANDIDATES, 0, $3, $4)); }
    | OPTIONS options opt_default_option { TRY($$ = MAKE(@$, OPTIONS, 0, $2.first, $3)); }
    | AT MOST expr PER word { TRY($$ = MAKE_NAMED(@$, CAP, 0, $5, $3)); }
    | DECIDED BY expr opt_using modifiers {
        TRY($$ = MAKE(@$, STAGE, BL_FLAG_DECIDED, $3, $4, $5.first));
    }
    | later_stage
    | ALONG primary_word { TRY($$ = MAKE_NAMED(@$, ALONG, 0, $2, NULL)); }
    | VETO BY expr opt_using modifiers opt_overridden {
        TRY($$ = MAKE(@$, VETO, 0, $3, $4, $5.first, $6.first));
    }
    | DISPUTE BY expr modifiers { TRY($$ = MAKE(@$, DISPUTE, 0, $3, $4.first)); }
    | REFUSES text WHEN expr { TRY($$ = MAKE(@$, REFUSES, 0, $2, $4)); }
    | TAKES EFFECT AT ONCE { TRY($$ = MAKE(@$, TAKES_EFFECT, BL_FLAG_AT_ONCE, NULL)); }
    | TAKES EFFECT AFTER expr { TRY($$ = MAKE(@$, TAKES_EFFECT, BL_FLAG_AFTER, $4)); }
    | TAKES EFFECT WHEN FINAL { TRY($$ = MAKE(@$, TAKES_EFFECT, BL_FLAG_WHEN_FINAL, NULL)); }
    | ON word opt_name block { TRY($$ = MAKE_NAMED(@$, ON_OUTCOME, 0, $2, $3, $4.first)); }
    | OPEN PROPOSALS open_proposals {
        TRY($$ = MAKE_LATER(@$, @1, "`open proposals continue | restart | lapse`"));
    } ;

opt_name: %empty { $$ = NULL; } | name_of_word ;
open_proposals: CONTINUE | RESTART | LAPSE ;
options: option { $$ = bl_nodes_of($1); } | options COMMA option { $$ = bl_nodes_add($1, $3); } ;
option_name: name_of_word | text ;
opt_default_option: %empty { $$ = NULL; } | DEFAULT option_name { $$ = $2; } ;

option:
    option_name
    | option_name NEEDS number TO number { TRY($$ = bl_make_option(parser, @$, $1, $3, $5)); } ;

opt_using: %empty { $$ = NULL; } | USING postfix { $$ = $2; } ;
opt_overridden: %empty { $$ = NOTHING; } | OVERRIDDEN LBRACE overrides RBRACE { $$ = $3; } ;

overrides:
    override { $$ = bl_nodes_of($1); }
    | overrides override { $$ = bl_nodes_add($1, $2); yyerrok; }
    | error { $$ = NOTHING; }
    | overrides error { $$ = $1; } ;

override:
    BY expr opt_using modifiers {
        TRY($$ = MAKE(@$, STAGE, BL_FLAG_DECIDED, $2, $3, $4.first));
    }
    | later_stage ;

later_stage:
    THEN BY expr opt_using modifiers {
        TRY($$ = MAKE(@$, STAGE, BL_FLAG_THEN, $3, $4, $5.first));
    }
    | TOGETHER WITH expr opt_using modifiers {
        TRY($$ = MAKE(@$, STAGE, BL_FLAG_TOGETHER, $3, $4, $5.first));
    } ;

modifiers: %empty { $$ = NOTHING; } | modifiers modifier { $$ = bl_nodes_add($1, $2); } ;

modifier:
    WITHIN expr { TRY($$ = MAKE(@$, WITHIN, 0, $2)); }
    | THROUGH expr { TRY($$ = MAKE(@$, THROUGH, 0, $2)); }
    | AFTER expr { TRY($$ = MAKE(@$, AFTER, 0, $2)); }
    | WHILE OPEN { TRY($$ = MAKE(@$, WHILE_OPEN, 0, NULL)); }
    | WITH REASON { TRY($$ = MAKE(@$, WITH_REASON, 0, NULL)); }
    | REASONED WITHIN expr { TRY($$ = MAKE(@$, REASONED, 0, $3)); }
    | QUORUM expr { TRY($$ = MAKE(@$, QUORUM, 0, $2)); }
    | WHEN expr { TRY($$ = MAKE(@$, WHEN, 0, $2)); }
    | AS OF OPENING { TRY($$ = MAKE(@$, AS_OF_OPENING, 0, NULL)); } ;

/* ---- clauses of procedures ---- */

procedure_clauses:
    %empty { $$ = NOTHING; }
    | procedure_clauses procedure_clause { $$ = bl_nodes_add($1, $2); yyerrok; }
    | procedure_clauses error { $$ = $1; } ;

procedure_clause:
    cites
    | BALLOT primary_word { TRY($$ = MAKE_NAMED(@$, BALLOT, 0, $2, NULL)); }
    | BALLOT SCORES { TRY($$ = MAKE_NAMED(@$, BALLOT, 0, $2, NULL)); }
    | COUNTS BY primary_word opt_settings {
        TRY($$ = MAKE_NAMED(@$, COUNTS_BY, 0, $3, $4.first));
    }
    | QUORUM expr { TRY($$ = MAKE(@$, QUORUM, 0, $2)); }
    | WEIGH word { TRY($$ = MAKE_NAMED(@$, WEIGH, 0, $2, NULL)); }
    | PASSES WHEN expr { TRY($$ = MAKE(@$, PASSES, 0, $3)); }
    | FAILS WHEN expr { TRY($$ = MAKE(@$, FAILS, 0, $3)); }
    | FAILS OTHERWISE { TRY($$ = MAKE(@$, FAILS, BL_FLAG_OTHERWISE, NULL)); }
    | CLOSES AT ONCE { TRY($$ = MAKE(@$, CLOSES, BL_FLAG_AT_ONCE, NULL)); }
    | CLOSES WHEN SETTLED { TRY($$ = MAKE(@$, CLOSES, BL_FLAG_WHEN_SETTLED, NULL)); }
    | CLOSES AT DEADLINE { TRY($$ = MAKE(@$, CLOSES, BL_FLAG_AT_DEADLINE, NULL)); }
    | OPEN FOR expr { TRY($$ = MAKE(@$, OPEN_FOR, 0, $3)); }
    | OPEN FOR AT LEAST expr { TRY($$ = MAKE(@$, OPEN_FOR, BL_FLAG_AT_LEAST, $5)); }
    | SEATS expr { TRY($$ = MAKE(@$, SEATS, 0, $2)); }
    | TIES BROKEN BY tie_rules opt_times { TRY($$ = MAKE(@$, TIES, 0, $4.first, $5)); }
    | EXTENDED BY expr WHEN extension { TRY($$ = MAKE_LATER(@$, @1, "`extended by`")); }
    | REOPENS FOR expr WHEN expr opt_times { TRY($$ = MAKE_LATER(@$, @1, "`reopens for`")); }
    | DELEGATION TO expr { TRY($$ = MAKE_LATER(@$, @1, "delegation")); } ;

/* Options of a count may be called by any word. */
opt_settings: %empty { $$ = NOTHING; } | LPAREN settings RPAREN { $$ = $2; } ;
settings: setting { $$ = bl_nodes_of($1); } | settings COMMA setting { $$ = bl_nodes_add($1, $3); } ;
setting: expr | word ASSIGN setting_value { TRY($$ = MAKE_NAMED(@$, BINDING, 0, $1, $3)); } ;
setting_value: expr | LAST { TRY($$ = bl_make_name(parser, BL_NODE_NAME, $1)); } ;
tie_rules: expr { $$ = bl_nodes_of($1); } | tie_rules THEN expr { $$ = bl_nodes_add($1, $3); } ;
extension: expr | QUORUM REACHED WITHIN expr ;
opt_times: %empty { $$ = NULL; } | AT MOST expr TIMES { $$ = $3; } ;

opt_arguments:
    %empty { $$ = NOTHING; }
    | LPAREN arguments RPAREN { $$ = $2; }
    | LPAREN RPAREN { $$ = NOTHING; } ;

arguments:
    argument { $$ = bl_nodes_of($1); }
    | arguments COMMA argument { $$ = bl_nodes_add($1, $3); } ;

argument: expr | primary_word ASSIGN expr { TRY($$ = MAKE_NAMED(@$, BINDING, 0, $1, $3)); } ;

/* ---- effects ---- */

block: LBRACE effects RBRACE { $$ = $2; } ;

effects:
    %empty { $$ = NOTHING; }
    | effects effect { $$ = bl_nodes_add($1, $2); yyerrok; }
    | effects error { $$ = $1; } ;

effect:
    GRANT ref TO expr { TRY($$ = MAKE(@$, GRANT, 0, $2, $4)); }
    | REVOKE ref FROM expr { TRY($$ = MAKE(@$, REVOKE, 0, $2, $4)); }
    | CREATE primary_word expr opt_as opt_record {
        TRY($$ = MAKE_NAMED(@$, CREATE, 0, $2, $3, $4, $5.first));
    }
    | REMOVE expr { TRY($$ = MAKE(@$, REMOVE, 0, $2)); }
    | SET target ASSIGN expr { TRY($$ = MAKE(@$, SET, 0, $2, $4)); }
    | OPEN primary_word opt_instance opt_record {
        TRY($$ = MAKE_NAMED(@$, OPEN, 0, $2, $3, $4.first));
    }
    | EMIT primary_word opt_arguments { TRY($$ = MAKE_NAMED(@$, EMIT, 0, $2, $3.first)); }
    | DISCARD BALLOTS { TRY($$ = MAKE(@$, DISCARD, 0, NULL)); }
    | DISCARD BALLOTS OF postfix { TRY($$ = MAKE(@$, DISCARD, 0, $4)); }
    | ADOPT expr { TRY($$ = MAKE_LATER(@$, @1, "`adopt`")); }
    | FOR EACH name_of_word IN expr block {
        TRY($$ = MAKE(@$, FOR_EACH, 0, $3, $5, $6.first));
    }
    | if_effect ;

if_effect: IF expr block opt_else { TRY($$ = MAKE(@$, IF, 0, $2, $3.first, $4.first)); } ;

opt_else:
    %empty { $$ = NOTHING; }
    | ELSE block { $$ = $2; }
    | ELSE if_effect { $$ = bl_nodes_of($2); } ;

opt_as: %empty { $$ = NULL; } | AS name_of_word { $$ = $2; } ;
target: postfix DOT word { TRY($$ = MAKE_NAMED(@$, DOT, 0, $3, $1)); } ;
opt_record: %empty { $$ = NOTHING; } | record ;

record:
    LBRACE RBRACE { $$ = NOTHING; }
    | LBRACE bindings RBRACE { $$ = $2; }
    | LBRACE error RBRACE { $$ = NOTHING; } ;

bindings:
    binding { $$ = bl_nodes_of($1); }
    | bindings COMMA binding { $$ = bl_nodes_add($1, $3); } ;

binding: word is expr { TRY($$ = MAKE_NAMED(@$, BINDING, 0, $1, $3)); } ;
is: COLON | ASSIGN ;

/* ---- expressions, from the loosest to the tightest ---- */

expr:
    expr EXCEPT expr { TRY($$ = MAKE_BINARY(@$, EXCEPT, $1, $3)); }
    | expr OR expr { TRY($$ = MAKE_BINARY(@$, OR, $1, $3)); }
    | expr AND expr { TRY($$ = MAKE_BINARY(@$, AND, $1, $3)); }
    | NOT expr { TRY($$ = MAKE(@$, UNARY, BL_OPERATOR_NOT, $2)); }
    | comparison
    | open ;

/* These reach as far to the right as they can: hence the precedence. (test: quantifiers_reach_far) */
open:
    quantifier name_of_word IN expr COLON expr %prec REACHING {
        TRY($$ = MAKE(@$, QUANTIFIER, $1, $2, $4, $6, NULL));
    }
    | FIRST name_of_word IN expr %prec REACHING {
        TRY($$ = MAKE(@$, QUANTIFIER, BL_FLAG_FIRST, $2, $4, NULL, NULL));
    }
    | FIRST name_of_word IN expr COLON expr %prec REACHING {
        TRY($$ = MAKE(@$, QUANTIFIER, BL_FLAG_FIRST, $2, $4, $6, NULL));
    }
    | extreme name_of_word IN expr BY expr %prec REACHING {
        TRY($$ = MAKE(@$, QUANTIFIER, $1, $2, $4, NULL, $6));
    }
    | extreme name_of_word IN expr BY expr COLON expr %prec REACHING {
        TRY($$ = MAKE(@$, QUANTIFIER, $1, $2, $4, $8, $6));
    }
    | IF expr THEN expr ELSE expr %prec REACHING {
        TRY($$ = MAKE(@$, CONDITIONAL, 0, $2, $4, $6));
    } ;

extreme: HIGHEST { $$ = BL_FLAG_HIGHEST; } | LOWEST { $$ = BL_FLAG_LOWEST; } ;
quantifier: ANY { $$ = BL_FLAG_ANY; } | EVERY { $$ = BL_FLAG_EVERY; }
    | COUNT EVERY { $$ = BL_FLAG_COUNT; } ;

comparison:
    sum
    | sum EQUAL right { TRY($$ = MAKE_BINARY(@$, EQUAL, $1, $3)); }
    | sum UNEQUAL right { TRY($$ = MAKE_BINARY(@$, UNEQUAL, $1, $3)); }
    | sum LESS right { TRY($$ = MAKE_BINARY(@$, LESS, $1, $3)); }
    | sum LESS_EQUAL right { TRY($$ = MAKE_BINARY(@$, LESS_EQUAL, $1, $3)); }
    | sum GREATER right { TRY($$ = MAKE_BINARY(@$, GREATER, $1, $3)); }
    | sum GREATER_EQUAL right { TRY($$ = MAKE_BINARY(@$, GREATER_EQUAL, $1, $3)); }
    | sum IN right { TRY($$ = MAKE_BINARY(@$, IN, $1, $3)); }
    | sum MATCHES right { TRY($$ = MAKE_BINARY(@$, MATCHES, $1, $3)); }
    | sum BEGINS WITH right { TRY($$ = MAKE_BINARY(@$, BEGINS_WITH, $1, $4)); }
    | sum CONTAINS right { TRY($$ = MAKE_BINARY(@$, CONTAINS, $1, $3)); }
    | sum IS negation_word right { TRY($$ = MAKE(@$, IS, $3, $1, $4)); }
    | sum IS negation_word given_word { TRY($$ = MAKE(@$, IS, $3, $1, $4)); }
    | sum CAN can_verb sum { TRY($$ = MAKE_NAMED(@$, CAN, 0, $3, $1, $4)); } ;

given_word: GIVEN { TRY($$ = bl_make_name(parser, BL_NODE_NAME, $1)); } ;
negation_word: %empty { $$ = 0; } | NOT { $$ = BL_FLAG_NEGATED; } ;
can_verb: primary_word | VETO | DISPUTE ;
right: sum | open ;

sum:
    product
    | sum PLUS product { TRY($$ = MAKE_BINARY(@$, ADD, $1, $3)); }
    | sum MINUS product { TRY($$ = MAKE_BINARY(@$, SUBTRACT, $1, $3)); } ;

product:
    unary
    | product TIMES_SIGN unary { TRY($$ = MAKE_BINARY(@$, MULTIPLY, $1, $3)); }
    | product SLASH unary { TRY($$ = bl_make_divide(parser, @$, $1, $3)); }
    | product OF unary { TRY($$ = MAKE_BINARY(@$, OF_NUMBER, $1, $3)); } ;

unary:
    among
    | COUNT among { TRY($$ = MAKE(@$, UNARY, BL_OPERATOR_COUNT, $2)); }
    | TOTAL word OF among { TRY($$ = MAKE_NAMED(@$, TOTAL, 0, $2, $4)); }
    | COUNT OF word BY postfix WITHIN duration {
        TRY($$ = MAKE_LATER(@$, @1, "a count of past events"));
    }
    | LAST ACTIVITY OF postfix { TRY($$ = MAKE_LATER(@$, @1, "`last activity of`")); } ;
among: negation | among AMONG negation { TRY($$ = MAKE_BINARY(@$, AMONG, $1, $3)); } ;
negation: tight | MINUS negation { TRY($$ = MAKE(@$, UNARY, BL_OPERATOR_NEGATE, $2)); } ;
tight: postfix | of ;

of:
    primary_word OF of_operand { TRY($$ = MAKE_NAMED(@$, OF, 0, $1, $3)); }
    | primary_word OF ANY name_of_word { TRY($$ = MAKE_NAMED(@$, OF, BL_FLAG_ANY, $1, $4)); }
    | primary_word OF ANY OTHER name_of_word {
        TRY($$ = MAKE_NAMED(@$, OF, BL_FLAG_ANY | BL_FLAG_OTHER, $1, $5));
    } ;

of_operand: postfix | of ;
postfix: name | primary | postfix DOT word { TRY($$ = MAKE_NAMED(@$, DOT, 0, $3, $1)); } ;

primary:
    number
    | text
    | handle
    | call
    | duration
    | TRUE { TRY($$ = MAKE(@$, BOOLEAN, BL_FLAG_TRUE, NULL)); }
    | FALSE { TRY($$ = MAKE(@$, BOOLEAN, 0, NULL)); }
    | DATE { TRY($$ = bl_make_time(parser, $1, true)); }
    | TIME { TRY($$ = bl_make_time(parser, $1, false)); }
    | LPAREN expr RPAREN { $$ = bl_make_parentheses($2, @$); }
    | LBRACKET RBRACKET { TRY($$ = MAKE(@$, LIST, 0, NULL)); }
    | LBRACKET expressions RBRACKET { TRY($$ = MAKE(@$, LIST, 0, $2.first)); } ;

call:
    primary_word LPAREN RPAREN { TRY($$ = MAKE_NAMED(@$, CALL, 0, $1, NULL)); }
    | primary_word LPAREN arguments RPAREN { TRY($$ = MAKE_NAMED(@$, CALL, 0, $1, $3.first)); } ;

expressions:
    expr { $$ = bl_nodes_of($1); }
    | expressions COMMA expr { $$ = bl_nodes_add($1, $3); } ;

/* In front of `of` a bare word stays a word: see BARE above. */
name: primary_word %prec BARE { TRY($$ = bl_make_name(parser, BL_NODE_NAME, $1)); } ;
name_of_word: primary_word { TRY($$ = bl_make_name(parser, BL_NODE_NAME, $1)); } ;
text: TEXT { TRY($$ = bl_make_name(parser, BL_NODE_TEXT, $1)); } ;
handle: HANDLE { TRY($$ = bl_make_name(parser, BL_NODE_HANDLE, $1)); } ;
number: NUMBER { TRY($$ = bl_make_number(parser, $1)); } ;
duration: NUMBER UNIT { TRY($$ = bl_make_duration(parser, @$, $1, $2)); } ;

/* ---- statements of scenarios ---- */

statements:
    %empty { $$ = NOTHING; }
    | statements statement { $$ = bl_nodes_add($1, $2); yyerrok; }
    | statements error { $$ = $1; } ;

statement:
    given
    | actor_statement
    | AFTER expr { TRY($$ = MAKE(@$, STATEMENT_AFTER, 0, $2)); }
    | AT expr { TRY($$ = MAKE(@$, STATEMENT_AT, 0, $2)); }
    | EXPECT expr { TRY($$ = MAKE(@$, EXPECT, 0, $2)); }
    | EXPECT REFUSED LBRACE acts RBRACE opt_because {
        TRY($$ = MAKE(@$, EXPECT_REFUSED, 0, $4.first, $6));
    } ;

given:
    GIVEN primary_word ids opt_record {
        TRY($$ = MAKE_NAMED(@$, GIVEN_INSTANCE, 0, $2, $3.first, $4.first));
    }
    | GIVEN actor_kind handles opt_record {
        TRY($$ = MAKE(@$, GIVEN_ACTORS, $2, $3.first, $4.first));
    }
    | GIVEN handles are ref { TRY($$ = MAKE(@$, GIVEN_ROLE, 0, $2.first, $4)); }
    | GIVEN target ASSIGN expr { TRY($$ = MAKE(@$, GIVEN_SET, 0, $2, $4)); }
    | GIVEN SEED text { TRY($$ = MAKE_ACT(@$, "seed", @2, $3, NULL, NULL)); } ;

are: IS | ARE ;

actor_kind: held_kind | actor_sort ;

ids: id { $$ = bl_nodes_of($1); } | ids COMMA id { $$ = bl_nodes_add($1, $3); } ;
id: name_of_word | text ;
handles: handle { $$ = bl_nodes_of($1); } | handles COMMA handle { $$ = bl_nodes_add($1, $3); } ;

acts:
    %empty { $$ = NOTHING; }
    | acts actor_statement { $$ = bl_nodes_add($1, $2); yyerrok; }
    | acts error { $$ = $1; } ;

/* Of somebody, or of nobody: what comes from outside. */
actor_statement:
    handles act opt_because { $$ = bl_make_act($2, @$, $1.first, $3); }
    | SEED text { TRY($$ = MAKE_ACT(@$, "seed", @1, $2, NULL, NULL)); }
    | SEED text IN id { TRY($$ = MAKE_ACT(@$, "seed", @1, $2, $4, NULL)); }
    | EMIT name_of_word opt_record { TRY($$ = MAKE_ACT(@$, "emit", @1, $2, NULL, $3.first)); } ;

opt_because: %empty { $$ = NULL; } | BECAUSE text { $$ = $2; } ;

/* The kids are ACTORS (put in by actor_statement), WHAT, TARGET, FIELDS, REASON. */
act:
    PROPOSES name_of_word opt_instance opt_id opt_record {
        TRY($$ = MAKE_ACT(@$, "propose", @1, bl_nodes_add(bl_nodes_of($2), $4).first, $3, $5.first));
    }
    | act_verb id { TRY($$ = MAKE_NAMED(@$, ACT, 0, bl_base_form($1), NULL, NULL, $2)); }
    | act_verb ON id { TRY($$ = MAKE_NAMED(@$, ACT, 0, bl_base_form($1), NULL, NULL, $3)); }
    | act_verb FROM id {
        TRY($$ = MAKE_NAMED(@$, ACT, BL_FLAG_FROM, bl_base_form($1), NULL, NULL, $3));
    }
    | RECUSES FROM id { TRY($$ = MAKE_ACT(@$, "recuse", @1, NULL, $3, NULL)); }
    | DECLARES CONFLICT IN id { TRY($$ = MAKE_ACT(@$, "conflict", @1, NULL, $4, NULL)); }
    | DECLARES handle CONFLICTED IN id { TRY($$ = MAKE_ACT(@$, "conflict", @1, $2, $5, NULL)); }
    | RESIGNS ref { TRY($$ = MAKE_ACT(@$, "resign", @1, $2, NULL, NULL)); }
    | GRANTS ref TO handle { TRY($$ = MAKE_ACT(@$, "grant", @1, $2, $4, NULL)); }
    | REVOKES ref FROM handle { TRY($$ = MAKE_ACT(@$, "revoke", @1, $2, $4, NULL)); }
    | CREATES name_of_word id opt_record {
        TRY($$ = MAKE_ACT(@$, "create", @1, $2, $3, $4.first));
    }
    | REMOVES expr { TRY($$ = MAKE_ACT(@$, "remove", @1, NULL, $2, NULL)); }
    | SETS target ASSIGN expr { TRY($$ = MAKE_ACT(@$, "set", @1, $4, $2, NULL)); }
    | RANKS ranking IN id { TRY($$ = MAKE_ACT(@$, "rank", @1, $2.first, $4, NULL)); }
    | CHOOSES candidates IN id { TRY($$ = MAKE_ACT(@$, "choose", @1, $2.first, $4, NULL)); }
    | SCORES scores IN id { TRY($$ = MAKE_ACT(@$, "score", @1, $2.first, $4, NULL)); }
    | EMITS name_of_word opt_record { TRY($$ = MAKE_ACT(@$, "emit", @1, $2, NULL, $3.first)); }
    | DELEGATES TO handle opt_in { TRY($$ = MAKE_LATER(@$, @1, "delegation")); }
    | UNDELEGATES opt_in { TRY($$ = MAKE_LATER(@$, @1, "delegation")); } ;

opt_in: %empty | IN id ;

act_verb: VERBS | VERB | VETO | DISPUTE ;
opt_instance: %empty { $$ = NULL; } | ON expr { $$ = $2; } ;
opt_id: %empty { $$ = NULL; } | AS id { $$ = $2; } ;
ranking: rank { $$ = bl_nodes_of($1); } | ranking GREATER rank { $$ = bl_nodes_add($1, $3); } ;
rank: rank_items { TRY($$ = MAKE(@$, LIST, 0, $1.first)); } ;

rank_items:
    candidate { $$ = bl_nodes_of($1); }
    | rank_items ASSIGN candidate { $$ = bl_nodes_add($1, $3); } ;

candidates:
    candidate { $$ = bl_nodes_of($1); }
    | candidates COMMA candidate { $$ = bl_nodes_add($1, $3); } ;

candidate: handle | name_of_word | text ;
scores: score { $$ = bl_nodes_of($1); } | scores COMMA score { $$ = bl_nodes_add($1, $3); } ;
score: candidate_word number { TRY($$ = MAKE_NAMED(@$, BINDING, 0, $1, $2)); } ;
candidate_word: HANDLE | TEXT | primary_word ;

/* ---- words ---- */

primary_word:
    NAME
    | PERSON | ORGANIZATION | AGENT | PEOPLE | ORGANIZATIONS | AGENTS | SCOPE | ROLE | BODY
    | LADDER | PROPOSAL | PROCEDURE | EVENT | ANYONE | OPEN | REASON | EFFECT | FINAL | DEADLINE
    | CONFLICT | CONFLICTED | ONCE | LEAST | MOST | SETTLED | EXACT | HANDLES | OPENING | BALLOTS
    | PROPOSALS | ACTIVITY | REACHED | TIMES | CONTINUE | RESTART | LAPSE | PROBABILITY | SEATS
    | NEEDS | VERB ;

label_word:
    POLICY | USE | EXTENDS | ON | LET | FUNCTION | CONFLICTS | DECLARED | SCENARIO | PROPERTY
    | SIMULATION | DUTY | EVERY | HELD | FROM | EXACTLY | AT | INCLUDES | GRANTED | REVOKED
    | CITES | TERM | BECOMES | WITHOUT | PER | RAISED | SECONDED | REQUIRES | ACCEPTS
    | CANDIDATES | OPTIONS | DEFAULT | DECIDED | TOGETHER | ESCALATES | ALONG | VETO | DISPUTE
    | REFUSES | TAKES | OVERRIDDEN | USING | WITHIN | THROUGH | AFTER | WHILE | WITH | REASONED
    | WHEN | AS | BALLOT | COUNTS | QUORUM | WEIGH | PASSES | FAILS | OTHERWISE | CLOSES | FOR
    | TIES | BROKEN | EXTENDED | REOPENS | DELEGATION | GRANT | REVOKE | CREATE | REMOVE | SET
    | EMIT | DISCARD | EACH | ADOPT | TO | COUNT | TOTAL | ANY | OTHER | FIRST | HIGHEST | LOWEST
    | LAST | LIST | OPTIONAL | ARE | GIVEN | EXPECT | REFUSED | SEED | BECAUSE | PROPOSES
    | RECUSES | DECLARES | RESIGNS | GRANTS | REVOKES | CREATES | REMOVES | SETS | RANKS
    | CHOOSES | SCORES | EMITS | DELEGATES | UNDELEGATES | MUST | NEVER | ALWAYS | RUN | MEASURE
    | ABOUT | VERBS ;

word: primary_word | label_word | UNIT ;

/* Behind a number a unit would belong to it. */
attribute_word: primary_word | label_word ;

%%

static void bl_yyerror(bl_span *span, bl_parser *parser, const char *message)
{
    (void)message; /* bison's, of a full stack; what is unexpected goes through the function below */
    bl_parser_exhausted(parser, *span);
}

/* The tokens that could have stood there, with their words. */
static int yyreport_syntax_error(const yypcontext_t *context, bl_parser *parser)
{
    yysymbol_kind_t symbols[YYNTOKENS];
    int symbol_count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
    if (symbol_count < 0) return symbol_count;
    bool is_expected[YYNTOKENS] = {false};
    for (int i = 0; i < symbol_count; i++)
        is_expected[symbols[i]] = true;
    bl_expected expected[YYNTOKENS];
    size_t count = 0;
    int found = TK_BL_YYUNDEF;
    yysymbol_kind_t found_symbol = yypcontext_token(context);
    for (int token = 0; token <= YYMAXUTOK; token = token ? token + 1 : TK_BL_YYUNDEF + 1) {
        yysymbol_kind_t symbol = YYTRANSLATE(token);
        if (symbol == found_symbol) found = token;
        if (is_expected[symbol] && token != TK_START_STATEMENTS)
            expected[count++] = (bl_expected){token, yysymbol_name(symbol)};
    }
    bl_parse_unexpected(parser, *yypcontext_location(context), found,
                        found_symbol == YYSYMBOL_YYEMPTY ? "nothing" : yysymbol_name(found_symbol),
                        expected, count);
    bl_parser_skip(parser, found);
    return 0;
}
