export const shell = {
  app: 'Portal',
  pitch: 'Budgets, people and usage of your organisation.',
  skip: 'Skip to content',
  menu: 'Menu',
  nav: {
    label: 'Pages',
    overview: 'Overview',
    people: 'People',
    usage: 'Usage',
    tenants: 'Tenants',
    products: 'Products',
    models: 'Models',
    prices: 'Prices',
    providerKeys: 'Provider keys',
    keys: 'API keys',
    audit: 'Audit log',
    requests: 'Requests for more',
  },
  title: { page: '{{page}} · {{tenant}} · CloudFreedom', bare: 'CloudFreedom Portal' },
  tenant: {
    label: 'Tenant',
    demoUntil: 'Demo until {{date}}. After that nobody can sign in and API keys are refused.',
    simulated:
      'Simulated: {{providers}}. Budgets and charges are counted as in earnest; no provider is paid for these.',
    suspended: 'This tenant is suspended: its people can’t sign in and its API keys are refused.',
  },
  notAdmitted: {
    title: 'This is the portal for administrators',
    text: 'You are signed in as {{email}}. To write with AI models, open the chat of your organisation. If you should have access here, ask your administrator.',
    chat: 'To the chat',
  },
  notFound: {
    title: 'This page does not exist',
    text: 'The address may be mistyped, or what it showed is gone.',
    back: 'To the overview',
  },
};
