export const models = {
  models: {
    label: 'Model: {{name}}',
    choose: 'Choose a model',
    none: 'No model available',
    simulatedName: '{{name}} (simulated)',
    simulatedNote: 'Simulated models only imitate answers.',
    search: 'Search models',
    noMatch: 'No model matches.',
    other: 'Others',
    loadFailed: 'Models could not be loaded',
  },
};
