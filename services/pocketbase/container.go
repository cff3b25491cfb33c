package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
)

var secretFile = regexp.MustCompile(`^([A-Z0-9_]*(?:SECRET|PASSWORD))_FILE=(.+)$`)

// <NAME>_FILE names a file that holds NAME, for every NAME that ends with SECRET or PASSWORD: what a container is given
// stands in no list of its environment.
func readSecretFiles(environment []string) error {
	for _, variable := range environment {
		found := secretFile.FindStringSubmatch(variable)
		if found == nil {
			continue
		}
		name, file := found[1], found[2]
		if os.Getenv(name) != "" {
			return fmt.Errorf("%s_FILE: %s is set as well; set one of them", name, name)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			var cause *os.PathError
			if errors.As(err, &cause) {
				err = cause.Err
			}
			return fmt.Errorf("%s_FILE: the file can't be read (%w)", name, err)
		}
		if err := os.Setenv(name, strings.TrimRight(string(content), "\r\n")); err != nil {
			return fmt.Errorf("%s_FILE: %w", name, err)
		}
	}
	return nil
}

// `pocketbase health <host:port>` ends well where a server answers there: an image without a shell has nothing else to ask.
// It is looked at before PocketBase begins, which would open its database for any command.
func askHealth(address string) error {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://" + address + "/api/health")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	return nil
}
