for i in $(seq 64); do
  echo "role member_$i" >"part$i.bylaw"
  echo "use \"part$i\""
done
