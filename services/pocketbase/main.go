// The server of services/pocketbase: the official PocketBase with JavaScript hooks and migrations, and answers whose
// time tells nothing.
package main

import (
	"log"
	"os"
	_ "time/tzdata" // time zones of tenants are checked also where the machine has no zone files

	"github.com/dop251/goja"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
	"github.com/pocketbase/pocketbase/plugins/migratecmd"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// PocketBase's own settings, and one more: what is deleted is overwritten in the file, so that erased people are gone
// from it too.
func connect(dbPath string) (*dbx.DB, error) {
	return dbx.Open("sqlite", dbPath+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=journal_size_limit(200000000)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(ON)"+
		"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)&_pragma=secure_delete(ON)")
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "health" {
		if err := askHealth(os.Args[2]); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := readSecretFiles(os.Environ()); err != nil {
		log.Fatal(err)
	}
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

	jsvm.MustRegister(app, jsvm.Config{
		MigrationsDir: migrationsDir,
		HooksDir:      hooksDir,
		HooksWatch:    hooksWatch,
		// What both languages need exists once.
		OnInit: func(vm *goja.Runtime) {
			_ = vm.Set("$guesses", map[string]any{"allowed": guessesAllowed, "count": countGuess, "clear": clearGuesses})
			_ = vm.Set("$toGerman", toGerman)
		},
	})
	migratecmd.MustRegister(app, app.RootCmd, migratecmd.Config{
		TemplateLang: migratecmd.TemplateLangJS,
		Automigrate:  automigrate,
		Dir:          migrationsDir,
	})

	app.OnMailerRecordEmailChangeSend().Bind(&hook.Handler[*core.MailerRecordEvent]{Func: sendBehind, Priority: -100})
	app.OnModelCreate(core.LogsTableName).BindFunc(forgetPeople)
	hideConfidential(app)
	// The last one before the mail server.
	app.OnMailerSend().Bind(&hook.Handler[*core.MailerEvent]{Func: limitMailTime, Priority: 9999})

	// The first superuser comes from `superuser upsert`: never open a browser with the installer page.
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil
		// Around everything, the limits by address (priority -1000) too.
		e.Router.Bind(&hook.Handler[*core.RequestEvent]{Func: answerInLanguage, Priority: -3000})
		e.Router.BindFunc(levelMailAnswers, limitGuesses)
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
