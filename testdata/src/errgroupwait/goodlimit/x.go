package goodlimit
