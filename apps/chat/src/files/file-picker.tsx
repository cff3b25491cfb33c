import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';

/** The browser's own choice of files, behind a button of one's own. The same files can be chosen once more. */
export function FilePicker(props: { onFiles: (files: File[]) => void; button: (open: () => void) => ReactNode }) {
  const { t } = useTranslation('app');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('files.attach')}
        onChange={(event) => {
          props.onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      {props.button(() => input.current?.click())}
    </>
  );
}
