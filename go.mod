module madoguchi

go 1.25.0
