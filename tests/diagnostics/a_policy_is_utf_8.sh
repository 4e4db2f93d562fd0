printf 'role member "caf\351"\n'
