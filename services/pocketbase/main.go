// The server of services/pocketbase: the official PocketBase with JavaScript hooks and migrations, and answers whose
// time tells nothing.
package main

import (
	"log"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // time zones of tenants are checked also where the machine has no zone files

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"
)

// PocketBase's own settings, and one more: what is deleted is overwritten in the file, so that erased people are gone
// from it too.
func connect(dbPath string) (*dbx.DB, error) {
	return dbx.Open("sqlite", dbPath+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=journal_size_limit(200000000)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(ON)"+
		"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)&_pragma=secure_delete(ON)")
}

// How long it takes at least to answer who asks for a mail: longer than making one, so that the time doesn't tell
// whether there is an account.
const mailAnswer = 300 * time.Millisecond

func levelMailAnswers(e *core.RequestEvent) error {
	path := e.Request.URL.Path
	// The collection has a name and an id.
	if !strings.HasPrefix(path, "/api/collections/") || !strings.Contains(path, "/request-") {
		return e.Next()
	}
	started := time.Now()
	// What is written here leaves when the handler returns.
	err := e.Next()
	time.Sleep(mailAnswer - time.Since(started))
	return err
}

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDev: false, DBConnect: connect})

	var hooksDir, migrationsDir string
	var hooksWatch, automigrate bool
	flags := app.RootCmd.PersistentFlags()
	flags.StringVar(&hooksDir, "hooksDir", "", "the directory with the JS app hooks")
	flags.StringVar(&migrationsDir, "migrationsDir", "", "the directory with the migrations")
	flags.BoolVar(&hooksWatch, "hooksWatch", false, "restart when a hook file changes")
	flags.BoolVar(&automigrate, "automigrate", false, "write a migration file for every change made in the dashboard")
	// Parsed early because the plugins need the values; Start parses again and reports faulty flags.
	_ = app.RootCmd.ParseFlags(os.Args[1:])

	jsvm.MustRegister(app, jsvm.Config{MigrationsDir: migrationsDir, HooksDir: hooksDir, HooksWatch: hooksWatch})
	migratecmd.MustRegister(app, app.RootCmd, migratecmd.Config{
		TemplateLang: migratecmd.TemplateLangJS,
		Automigrate:  automigrate,
		Dir:          migrationsDir,
	})

	// The first superuser comes from `superuser upsert`: never open a browser with the installer page.
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		e.Router.BindFunc(levelMailAnswers)
		// The hook that brings the environment into the settings has to see what migrations have just made.
		if err := e.App.ReloadSettings(); err != nil {
			return err
		}
		return e.Next()
	})

	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
