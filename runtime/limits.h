/*
 * Every hard limit, each with its reason and a test at it and one beyond it (tests/limits.sh).
 * One line a limit: the tests read them so.
 */
/* clang-format off */
#ifndef BL_LIMITS_H
#define BL_LIMITS_H

/* Input */
#define BL_LINE_SIZE_MAX (1u << 20) /* an event line; longer ones are skipped and reported, so memory is bounded */
#define BL_JSON_DEPTH_MAX 64        /* nesting in an event line; events are flat, lists of lists are rankings */
#define BL_HANDLE_SIZE_MAX 128      /* bytes of a handle or an id; GitHub allows 39 */
#define BL_TEXT_SIZE_MAX (1u << 20) /* bytes of one text value, also of one made by `+` */
#define BL_POLICY_SIZE_MAX (4u << 20) /* bytes of one policy file; PyTorch's has 20,000 */
#define BL_MODULE_COUNT_MAX 64      /* files one policy may bring in by `use` and `extends` */

/* Compiling */
#define BL_PARSER_DEPTH_MAX 2000    /* bison's stack: deep nesting becomes a diagnostic */
#define BL_AST_DEPTH_MAX 500        /* recursion over the tree; deeper expressions are refused */
#define BL_EXPANSION_MAX 1000       /* bodies that one expression brings in, those inside of them counted too */
#define BL_CHUNK_SIZE_MAX (1u << 16) /* instructions of one expression or block; PyTorch's longest has 20 */
#define BL_WALK_MAX (1u << 18)      /* nodes looked at to tell what one expression depends on */
#define BL_GROUP_MAX 16             /* bodies side by side, `together with`; a ballot counts in all of them at once */
#define BL_DECLARATION_COUNT_MAX (1u << 15) /* of one policy; roles and scopes are kept in 16 bits; PyTorch's has 60 */
#define BL_EVERY_CLAUSE_MAX 256     /* clauses in all `every proposal` together: each is looked at for each kind; PyTorch has 2 */
#define BL_CLAUSE_COPIES_MAX (1u << 16) /* clauses that kinds get from `every proposal` and ladders, which are compiled for each */
#define BL_FIELD_COUNT_MAX 1024     /* fields of a kind of proposal or of an event, parameters: each name is looked for among them; PyTorch's most are 4 */
#define BL_CODE_COUNT_MAX (1u << 20) /* instructions of a whole policy; PyTorch's has 1,490 */
#define BL_INDEX_COUNT_MAX (1u << 20) /* roles that roles are included by, and that bodies depend on, through others too: a chain of 1,448; PyTorch's come to 215 */
#define BL_DIAGNOSTICS_MAX 20       /* errors shown at once; the rest are counted */

/* Running */
#define BL_STACK_MAX 256            /* values on the VM's stack, also locals of a frame */
#define BL_CALL_DEPTH_MAX 64        /* functions inside functions; recursion is a compile error */
#define BL_STEP_MAX (16u << 20)     /* instructions one event may cost, about a second */
#define BL_CASCADE_MAX 1000         /* effects and events that one event may cause in turn */
#define BL_ACTOR_COUNT_MAX (1u << 24)
#define BL_PROPOSAL_COUNT_MAX (1u << 26)
#define BL_INSTANCE_COUNT_MAX (1u << 24)
#define BL_LIST_COUNT_MAX (1u << 16) /* items of a list value */
#define BL_REFUSED_KEPT_MAX 4096    /* refused proposals that `why` still knows, the last ones; each costs its id and reason */

/* Drawing */
#define BL_GRAPH_PLACES_MAX 4096    /* boxes of one picture, and the ranks its arrows pass: laying out takes their square */

/* Counting elections */
#define BL_CANDIDATE_COUNT_MAX 4096 /* of one contest; the New South Wales Senate paper had 264, a table of pairs takes their square */
#define BL_MARK_COUNT_MAX (1u << 28) /* of all different ballots together: 2 GiB */
#define BL_WEIGHT_MAX (UINT64_C(1) << 56) /* of all ballots together, in their units: sums of sums fit into 64 bits */
#define BL_RERUN_MAX 100             /* times a vote is held again because of a tie; nobody votes more often */
#define BL_EXACT_LIMBS_MAX 512      /* 64-bit parts of a numerator or denominator, some 9,800 digits: ten surpluses of STV, each of which doubles them; GMP needs no heap so */
#define BL_RATIO_LIMBS_MAX 64        /* of those that a result tells in full, 1,233 digits: seven surpluses of a hundred thousand votes each; longer ones are told to nine places */
#define BL_MEEK_PASSES_MAX 10000    /* passes of a round of Meek's method; real elections take some hundred, and what is left then is told as a surplus */
#define BL_PAIRS_MAX 512            /* candidates of a count that compares pairs: their paths take the cube, half a second at the worst */
#define BL_KEMENY_MAX 16            /* candidates of Kemeny's method, which looks at every subset: 65,536 */
#define BL_STEPS_TOLD_MAX 256       /* defeats dropped or locked in that have a round each; the later ones share one */
#define BL_LINEAR_CELLS_MAX (1u << 22) /* of one table of numbers in a margin: 32 MiB */
#define BL_LINEAR_DEPTH_MAX 32      /* variables that one linear program makes whole, one below the other */
#define BL_MARGIN_PLACES_MAX 12     /* candidates of one order in a margin: there are 2^n sorts of ballots */
#define BL_BALLOT_NAME_SIZE_MAX 512 /* bytes of a candidate's name in a ballot file; lists of parties with all their people have 200 */
#define BL_BALLOT_MARKS_MAX (1u << 14) /* marks of one ballot in a file: four for each of as many candidates as there may be */
#define BL_BALLOT_SCALE_MAX 1000000000u /* parts of one ballot or point that weights and scores are written in: nine decimals */

/* Asking what it needs */
#define BL_NEEDS_SETS_MAX 256       /* minimal sets that one answer lists; nobody reads more */
#define BL_NEEDS_STATES_MAX (1u << 14) /* states of votes one answer looks at, so that it takes some ten milliseconds */
#define BL_NEEDS_LATTICE_MAX 2048   /* ways to vote, up to which every order of the ballots is tried */
#define BL_NEEDS_WAYS_MAX 128       /* classes of people, times what they may choose, in one vote */
#define BL_NEEDS_DEPTH_MAX 64       /* votes, vetoes and disputes that one set may go through */

#endif
