cat >roles.bylaw <<'END'
use "bodies"
role member
END
cat >bodies.bylaw <<'END'
use "roles"
body voters = member
END
echo 'use "roles"'
