{
  printf 'let sum = 1'
  awk 'BEGIN { for (i = 0; i < 600; i++) printf " + 1" }'
  echo
}
