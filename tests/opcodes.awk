# docs/opcodes.md from runtime/opcodes.def: awk -f tests/opcodes.awk runtime/opcodes.def
BEGIN {
    print "# Instructions"
    print ""
    print "Every instruction of compiled policies, made from `runtime/opcodes.def` by `awk -f tests/opcodes.awk runtime/opcodes.def`."
    print "*a* and *b* are its operands, by kind; *pops* and *pushes* tell how many values it takes off the stack and puts on it,"
    print "*–* where the operands decide that. [Bytecode](bytecode.md) tells how they stand in a file, `bylaw dump` shows them."
}
/^\/\* [a-z].*\*\/$/ {
    title = $0
    sub(/^\/\* /, "", title); sub(/ \*\/$/, "", title)
    print "\n## " toupper(substr(title, 1, 1)) substr(title, 2) "\n"
    print "| instruction | a | b | pops | pushes | does |\n|---|---|---|---|---|---|"
}
/^OPCODE\(/ {
    line = $0
    sub(/^OPCODE\(/, "", line); sub(/"\)$/, "", line)
    does = line; sub(/^[^"]*"/, "", does)
    split(substr(line, 1, index(line, "\"") - 1), cells, /, */)
    for (i = 2; i <= 3; i++) cells[i] = cells[i] == "NO" ? "" : tolower(cells[i])
    if (cells[4] == "-1") cells[4] = "–"
    printf "| `%s` | %s | %s | %s | %s | %s |\n", cells[1], cells[2], cells[3], cells[4], cells[5], does
}
