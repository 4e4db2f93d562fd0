# Turns PyTorch's merge_rules.yaml into founding facts: one `create` event of scope `rule` for each
# rule, in file order. Usage: awk -f rules-to-events.awk merge_rules.yaml > rules.jsonl
#
# It is no YAML parser. It reads the one layout that file has: `- name: TEXT`, then keys indented by
# two spaces, then `  - ITEM` lines below a key; an item may be in single or double quotes. Any other
# line stops it with a message, so that nothing is dropped in silence.
#
# Behind the rules come the people whom they name, each as a `reviewer`; teams are none.
#
# Names and logins are kept exactly as spelled, `org/team` too. A rule that says nothing about flaky
# failures lets them be ignored, as the source's own default does.

function quoted(text) {
    gsub(/\\/, "&&", text)
    gsub(/"/, "\\\"", text)
    gsub(/\t/, "\\t", text)
    return "\"" text "\""
}

function unquoted(text,    first, last) {
    sub(/[ \r]+$/, "", text)
    first = substr(text, 1, 1)
    last = substr(text, length(text), 1)
    if (length(text) >= 2 && first == last && (first == "'" || first == "\""))
        return substr(text, 2, length(text) - 2)
    return text
}

function begin_rule(name) {
    end_rule()
    rule_name = name
    key = patterns = approvers = checks = ""
    ignore_flaky = "true"
}

function with_item(list, text) {
    return list (list == "" ? "" : ",") quoted(text)
}

function end_rule() {
    if (rule_name == "")
        return
    printf "{%s\"type\":\"create\",\"scope\":\"rule\",\"id\":%s,", moment, quoted(rule_name)
    printf "\"patterns\":[%s],\"approvers\":[%s],", patterns, approvers
    printf "\"checks\":[%s],\"ignore_flaky\":%s}\n", checks, ignore_flaky
    moment = ""
    rule_name = ""
}

function refuse(why) {
    printf "rules-to-events: line %d: %s\n", NR, why > "/dev/stderr"
    failed = 1
    exit 1
}

BEGIN { moment = "\"time\":\"2023-02-01T00:00:00Z\"," }

/^[ \r]*$/ || /^[ ]*#/ { next }

/^- name: / { begin_rule(unquoted(substr($0, 9))); next }

rule_name == "" { refuse("expected `- name:` before anything else") }

/^  (patterns|approved_by|mandatory_checks_name):[ \r]*$/ {
    key = $1
    sub(/:.*/, "", key)
    next
}

/^  ignore_flaky_failures: (true|false)[ \r]*$/ { ignore_flaky = unquoted($2); next }

/^  - / {
    item = unquoted(substr($0, 5))
    if (key == "patterns")
        patterns = with_item(patterns, item)
    else if (key == "approved_by") {
        approvers = with_item(approvers, item)
        if (index(item, "/") == 0 && !(item in is_named)) {
            is_named[item] = 1
            people[++people_count] = item
        }
    }
    else if (key == "mandatory_checks_name")
        checks = with_item(checks, item)
    else
        refuse("an item that belongs to no list")
    next
}

{ refuse("a line of a form this converter does not know: " $0) }

END {
    if (!failed) {
        end_rule()
        for (i = 1; i <= people_count; i++)
            printf "{\"type\":\"grant\",\"role\":\"reviewer\",\"to\":%s}\n", quoted(people[i])
    }
}
