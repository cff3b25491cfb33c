package main

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
	"github.com/pocketbase/pocketbase/tools/routine"
)

// How long it takes at least to answer who asks for a mail: longer than making one, so that the time doesn't tell
// whether there is an account.
const mailAnswer = 300 * time.Millisecond

// How long a mail server may take for one mail: PocketBase itself would wait for ever.
const mailTimeout = 10 * time.Second

func levelMailAnswers(e *core.RequestEvent) error {
	path := e.Request.URL.Path
	// The collection has a name and an id.
	if !strings.HasPrefix(path, "/api/collections/") || !strings.Contains(path, "/request-") {
		return e.Next()
	}
	started := time.Now()
	// What is written here leaves when the handler returns.
	err := e.Next()
	if strings.HasSuffix(path, "/request-email-change") && isTakenAddress(err) {
		err = e.NoContent(http.StatusNoContent)
	}
	time.Sleep(mailAnswer - time.Since(started))
	return err
}

// Whether somebody else has the address is nobody's business: the answer is the one of a mail that was sent.
func isTakenAddress(err error) bool {
	var refusal *router.ApiError
	if !errors.As(err, &refusal) {
		return false
	}
	fault, _ := refusal.Data["newEmail"].(map[string]any)
	return fault["code"] == "validation_invalid_new_email"
}

// sendBehind lets the answer leave before the mail, as PocketBase does with all other links.
func sendBehind(e *core.MailerRecordEvent) error {
	routine.FireAndForget(func() {
		if err := e.Next(); err != nil {
			e.App.Logger().Error("a mail could not be sent", "error", err)
		}
	})
	return nil
}

// limitMailTime gives up on a mail server that doesn't answer; it may still take the mail later.
func limitMailTime(e *core.MailerEvent) error {
	sent := make(chan error, 1)
	routine.FireAndForget(func() { sent <- e.Next() })
	select {
	case err := <-sent:
		return err
	case <-time.After(mailTimeout):
		return errors.New("the mail server did not answer in time")
	}
}
