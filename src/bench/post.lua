-- For wrk in src/bench/run: a row as the others send it.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = "ticket=LF-616004&status=Waiting+for+Staff&priority=High"
