package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// answerInLanguage puts refusals into German for whoever reads it: by the person's own setting, and where nobody is
// signed in by what their browser asks for. Codes and field names stay.
func answerInLanguage(e *core.RequestEvent) error {
	err := e.Next()
	var refusal *router.ApiError
	if err == nil {
		return nil
	}
	if !errors.As(err, &refusal) {
		// As the router would, whatever it was.
		refusal = router.ToApiError(err)
		err = errors.Join(err, refusal)
	}
	explainFaults(refusal.Data)
	if !readsGerman(e) {
		return err
	}
	refusal.Message = toGerman(refusal.Message)
	translateFaults(refusal.Data)
	return err
}

// What PocketBase only calls a wrong format.
var formats = map[string]string{
	"monthly_budget_eur":  amount,
	"budget_override_eur": amount,
	"carry_over_cap_eur":  amount,
	"markup_percent":      "Must be a percentage with a point such as 12.5.",
	"slug":                "Must be 2 to 40 lower-case letters, digits and hyphens.",
	"sign_up_domain":      "Must be a domain in lower case such as company.com.",
}

const amount = "Must be an amount in euro with a point such as 25.00."

// explainFaults says how to mend a field where PocketBase's own words don't. A person's address and its confirmation
// may not be changed in a record: it compares two values then and says that they differ.
func explainFaults(faults map[string]any) {
	for name, each := range faults {
		fault, _ := each.(map[string]any)
		format, isKnown := formats[name]
		switch {
		case fault["code"] == "validation_invalid_format" && isKnown:
			fault["message"] = format
		case fault["code"] == "validation_values_mismatch" && (name == "email" || name == "verified"):
			fault["message"] = "You may not change this."
		}
	}
}

func readsGerman(e *core.RequestEvent) bool {
	if e.Auth != nil {
		return e.Auth.GetString("locale") == "de"
	}
	return strings.HasPrefix(strings.ToLower(e.Request.Header.Get("Accept-Language")), "de")
}

func translateFaults(faults map[string]any) {
	for name, fault := range faults {
		switch value := fault.(type) {
		case map[string]any:
			translateFaults(value)
		case string:
			if name == "message" {
				faults[name] = toGerman(value)
			}
		}
	}
}

// toGerman leaves what it doesn't know as it is.
func toGerman(message string) string {
	bare := strings.TrimSuffix(message, ".")
	for _, text := range germanTexts {
		if text.english.MatchString(bare) {
			return text.english.ReplaceAllString(bare, text.german)
		}
	}
	return message
}

type germanText struct {
	english *regexp.Regexp
	german  string
}

// PocketBase writes the first letter of a message in capitals or not, with a full stop or without.
func text(english, german string) germanText {
	return germanText{regexp.MustCompile("(?i)^" + strings.TrimSuffix(english, ".") + "$"), german}
}
