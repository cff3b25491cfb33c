package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// Wrong passwords and codes per account: after ten, each within a quarter of an hour of the one before, it waits.
const (
	guessesAllowed   = 10
	guessWaitSeconds = 15 * 60
)

// countGuess counts before anything is compared, so that guesses in parallel can't slip through. Attempts while the
// account waits don't make it wait longer. It returns how many there are now; more than guessesAllowed: refuse.
func countGuess(app core.App, key string) (int, error) {
	var guesses int
	err := app.NonconcurrentDB().NewQuery(
		`INSERT INTO sign_in_failures (account, failures, until) VALUES ({:key}, 1, unixepoch() + {:wait})
		 ON CONFLICT (account) DO UPDATE SET
		   failures = CASE WHEN until <= unixepoch() THEN 1 ELSE MIN(failures + 1, {:most}) END,
		   until = CASE WHEN until <= unixepoch() OR failures < {:allowed} THEN unixepoch() + {:wait} ELSE until END
		 RETURNING failures`,
	).Bind(dbx.Params{
		"key": key, "wait": guessWaitSeconds, "allowed": guessesAllowed, "most": guessesAllowed + 1,
	}).Row(&guesses)
	return guesses, err
}

func clearGuesses(app core.App, key string) error {
	_, err := app.NonconcurrentDB().NewQuery("DELETE FROM sign_in_failures WHERE account = {:key}").
		Bind(dbx.Params{"key": key}).Execute()
	return err
}

// As attempts.js makes them.
func guessKey(of, whose string) string {
	sum := sha256.Sum256([]byte(of + " " + strings.ToLower(strings.TrimSpace(whose))))
	return hex.EncodeToString(sum[:])
}

// guessedAccount tells whose secret a request tries where PocketBase compares it before it calls a hook: a one-time
// code, and the password that confirms another address. "": nobody's.
func guessedAccount(e *core.RequestEvent) string {
	if e.Request.Method != "POST" || !strings.HasPrefix(e.Request.URL.Path, "/api/collections/") {
		return ""
	}
	var body struct {
		OTPId string `json:"otpId" form:"otpId"`
		Token string `json:"token" form:"token"`
	}
	switch {
	case strings.HasSuffix(e.Request.URL.Path, "/auth-with-otp"):
		if e.BindBody(&body) != nil {
			return ""
		}
		if otp, err := e.App.FindOTPById(body.OTPId); err == nil {
			return guessKey("codes", otp.RecordRef())
		}
	case strings.HasSuffix(e.Request.URL.Path, "/confirm-email-change"):
		if e.BindBody(&body) != nil {
			return ""
		}
		if person, err := e.App.FindAuthRecordByToken(body.Token, core.TokenTypeEmailChange); err == nil {
			return guessKey(person.Collection().Name, person.Email())
		}
	}
	return ""
}

func limitGuesses(e *core.RequestEvent) error {
	key := guessedAccount(e)
	if key == "" {
		return e.Next()
	}
	guesses, err := countGuess(e.App, key)
	if err != nil {
		return err
	}
	if guesses > guessesAllowed {
		return e.TooManyRequestsError("Too many wrong codes or passwords. Wait 15 minutes.", nil)
	}
	err = e.Next()
	// A second factor that is still missing: this one was right.
	if err == nil || errors.Is(err, apis.ErrMFA) {
		return errors.Join(err, clearGuesses(e.App, key))
	}
	return err
}
