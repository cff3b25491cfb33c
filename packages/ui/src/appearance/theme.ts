/** Tokens. Light and dark are one design: the accent is petrol, greys lean towards it, and state has its own three colours. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = [
  '#e8f5f8',
  '#d2e9ee',
  '#a6d3de',
  '#78bccc',
  '#54aabd',
  '#3399ae',
  '#1c8098',
  '#0c6a80',
  '#085567',
  '#06404d',
];
const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e3e8ea',
  '#d2d9dd',
  '#b5bfc5',
  '#8b989f',
  '#5f6d75',
  '#465259',
  '#2c363c',
  '#161e22',
];
const dark: MantineColorsTuple = [
  '#dfe6e9',
  '#b9c4ca',
  '#96a4ab',
  '#6d7b83',
  '#3b474e',
  '#2c373d',
  '#1f282d',
  '#151c20',
  '#10161a',
  '#0b1013',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: 7,
  colors: { petrol, gray, dark },
  black: '#161e22',
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.375rem' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.75rem', lineHeight: '1.2' },
      h2: { fontSize: '1.375rem', lineHeight: '1.25' },
      h3: { fontSize: '1.0625rem', lineHeight: '1.35' },
    },
  },
  respectReducedMotion: true,
  cursorType: 'pointer',
  // By name, not by `Component.extend`: that would load the components that only some pages need.
  components: {
    Button: { defaultProps: { fw: 550 } },
    Modal: { defaultProps: { transitionProps: { duration: 120 }, overlayProps: { backgroundOpacity: 0.4 } } },
    // Inside of a dialog a header is no landmark of the page.
    ModalHeader: { defaultProps: { role: 'none' } },
    // The placeholder is no menu item, and screen readers would meet it first.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, transitionProps: { duration: 120 } } },
    DrawerRoot: { defaultProps: { transitionProps: { duration: 200 } } },
    Tooltip: { defaultProps: { openDelay: 200, transitionProps: { duration: 120 }, withinPortal: false } },
  },
});
