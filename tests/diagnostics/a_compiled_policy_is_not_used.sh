# What bylaw compile writes begins so.
printf '\213bylawc\n' >club.bylawc
cat <<'END'
use "club.bylawc"

role guest
proposal visit {
  raised  by guest
  decided by member using majority within 7 days
}
END
