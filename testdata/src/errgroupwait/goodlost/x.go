package goodlost
