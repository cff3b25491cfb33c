/** How all apps are built: everything as files of its own, as the content security policy allows no inline script and no data address. */
export const build = {
  outDir: 'dist',
  assetsInlineLimit: 0,
  modulePreload: { polyfill: false },
  rolldownOptions: {
    output: {
      codeSplitting: {
        groups: [
          // In one chunk, so that zod's settings are made before any other chunk makes a schema.
          { name: 'zod', test: /node_modules[\\/]zod[\\/]|[\\/]no-eval\.ts$/ },
          // One file for each language: the app's texts and those of packages/ui.
          { name: 'texts-de', test: /[\\/]i18n[\\/]de(\.ts$|[\\/])/ },
          { name: 'texts-en', test: /[\\/]i18n[\\/]en(\.ts$|[\\/])/ },
        ],
      },
    },
  },
};
