package main

import (
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

var (
	// An e-mail address, also as a web address spells it.
	address = regexp.MustCompile(`(?i)[^\s"'<>=:,;()&?/]+(?:@|%40)[^\s"'<>=:,;()&?/]+`)
	query   = regexp.MustCompile(`(?s)\?.*`)
)

// forgetPeople keeps names and addresses out of the server's log from the start: they stand in what is searched for
// (`?filter=name~"…"`) and in the reasons of refusals, and would outlive an erasure there.
func forgetPeople(e *core.ModelEvent) error {
	if line, ok := e.Model.(*core.Log); ok {
		line.Message = withoutPeople(line.Message)
		for name, value := range line.Data {
			if text, ok := value.(string); ok {
				line.Data[name] = withoutPeople(text)
			} else if err, ok := value.(error); ok {
				line.Data[name] = withoutPeople(err.Error())
			}
		}
	}
	return e.Next()
}

func withoutPeople(text string) string {
	// The request's own message and address: everything behind the path.
	if strings.HasPrefix(text, "/") || isRequestLine.MatchString(text) {
		text = query.ReplaceAllString(text, "?…")
	}
	return address.ReplaceAllString(text, "[address]")
}

var isRequestLine = regexp.MustCompile(`^[A-Z]+ /`)
