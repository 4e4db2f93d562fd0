seq -f 'let a%.0f = 1' 32769
