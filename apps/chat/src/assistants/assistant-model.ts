import type { Assistant } from '@cloudfreedom/contracts';
import { useState } from 'react';
import { useChosenModel } from '../models/models.queries.ts';

/** The model to ask: with an assistant that has one it is that one, until another is chosen here. */
export function useModelWith(assistant: Assistant | undefined): ReturnType<typeof useChosenModel> {
  const plain = useChosenModel();
  const [picked, setPicked] = useState({ assistantId: '', model: '' });
  if (!assistant?.model) return plain;
  const wanted = picked.assistantId === assistant.id ? picked.model : assistant.model;
  const listed = plain.models.data?.find(({ id }) => id === wanted);
  // What an assistant is asked with says nothing about the next conversation without it.
  const choose: typeof plain.choose = (model) =>
    setPicked((before) => ({
      assistantId: assistant.id,
      model: typeof model === 'string' ? model : model(before.model),
    }));
  return { ...plain, chosen: listed ?? plain.chosen, choose };
}
