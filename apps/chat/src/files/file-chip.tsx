import type { FileMediaType } from '@cloudfreedom/contracts';
import { IconFileText, IconFileTypePdf, IconPhoto } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A file by its kind and its name. */
export function FileChip(props: { name: string; mediaType: FileMediaType; children?: ReactNode }) {
  const Icon = iconOf(props.mediaType);
  return (
    <>
      <Icon size={18} stroke={1.6} aria-hidden />
      <bdi className="chat-file-name">{props.name}</bdi>
      {props.children}
    </>
  );
}

function iconOf(mediaType: FileMediaType) {
  if (mediaType === 'application/pdf') return IconFileTypePdf;
  return mediaType.startsWith('image/') ? IconPhoto : IconFileText;
}
