export const settings = {
  settings: {
    open: 'More settings',
    openSet: 'More settings (something is set)',
    title: 'How the model answers here',
    instructions: 'Instructions (system prompt)',
    instructionsHint: 'Sent before every question of this conversation, and charged with it.',
    temperatureSet: 'Set the temperature',
    temperature: 'Temperature: {{value}}',
    temperatureHint: 'Low is steady, high is surprising. Not every model takes it, nor every value.',
    thinking: 'Thinking',
    thinkingHint: 'More thinking takes longer and costs more. Its words are charged like those of the answer.',
    thinkingNot: 'The model that is chosen now does not think beforehand; this counts for others.',
    modelsOwn: 'As the model does it',
    effort: { none: 'None', low: 'A little', medium: 'Some', high: 'A lot' },
    save: 'Save',
  },
};
