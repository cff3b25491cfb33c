import { parseDataUrl } from '../../providers/data-url.ts';
import { isObject, objectsIn, textIn } from '../../providers/json.ts';
import type { InputItem, ResponsesRequest } from '../../providers/responses-request.ts';
import { addText, emptySize, type InputSize } from '../input-size.ts';
import { addAudio, addFile, addImage } from '../media.ts';

/** A screenshot, or an image that was made: by an address or an id, whatever its size. */
const PICTURES = ['computer_call_output', 'image_generation_call'];

/** Everything that a provider may read as text: all strings and keys but the data of images, audio and files. */
export function measureResponses(request: ResponsesRequest, input: InputItem[]): InputSize {
  const size = emptySize();
  const { input: _counted, ...rest } = request;
  size.messages = input.length;
  size.tools = request.tools?.length ?? 0;
  const texts: unknown[] = [rest];
  for (const item of input) {
    if (PICTURES.includes(item.type)) size.unbounded = true;
    for (const [field, value] of Object.entries(item)) {
      texts.push(field);
      const holdsParts = field === 'content' || field === 'output';
      // Only a content part can be an image or a file: an object that looks like one elsewhere is read as text.
      if (holdsParts && Array.isArray(value)) for (const part of objectsIn(value)) texts.push(measurePart(part, size));
      else texts.push(value);
    }
  }
  addText(size, texts);
  return size;
}

/** Count the data of a part that is no text. @returns what else is in the part */
function measurePart(part: Record<string, unknown>, size: InputSize): unknown {
  if (part.type === 'input_image') {
    if (typeof part.image_url === 'string') addImage(size, part.image_url, part.detail === 'low');
    else size.unbounded = true;
    if (part.file_id) size.unbounded = true;
    return { ...part, image_url: null };
  }
  if (part.type === 'input_file') {
    const data = typeof part.file_data === 'string' ? part.file_data : '';
    const inline = parseDataUrl(data);
    if (inline) addFile(size, inline.mediaType, inline.base64);
    else {
      size.unbounded = true;
      size.fileBytes += data.length;
    }
    if (part.file_id || part.file_url) size.unbounded = true;
    return { ...part, file_data: null };
  }
  if (part.type === 'input_audio') {
    const audio = isObject(part.input_audio) ? part.input_audio : {};
    addAudio(size, textIn(audio.data));
    return { ...part, input_audio: { ...audio, data: null } };
  }
  return part;
}
