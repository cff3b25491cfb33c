package main

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// rememberPreflights lets a browser keep for ten minutes, as with our other services, that a page may ask: without it
// nearly every list of the portal costs a second request before the first.
func rememberPreflights(e *core.RequestEvent) error {
	if e.Request.Method == http.MethodOptions {
		e.Response.Header().Set("Access-Control-Max-Age", "600")
	}
	return e.Next()
}
