/**
 * Gemini's generateContent on the wire. The SDK that serves elsewhere is older than thinking, signatures and JSON
 * schemas, so the shapes stand here; what it does know is taken from it.
 */
import type { FunctionCallingMode, GenerationConfig } from '@google/generative-ai';

export interface Part {
  text?: string;
  inlineData?: { mimeType: string; data: string };
  functionCall?: { id?: string; name: string; args: Record<string, unknown> };
  functionResponse?: { id?: string; name: string; response: Record<string, unknown> };
  thoughtSignature?: string;
}

export interface Content {
  role: 'user' | 'model';
  parts: Part[];
}

export interface FunctionDeclaration {
  name: string;
  description?: string;
  /** Plain JSON schema; `parameters` would be Google's own subset. */
  parametersJsonSchema?: Record<string, unknown>;
}

export interface ThinkingConfig {
  includeThoughts?: boolean;
  thinkingBudget?: number;
  thinkingLevel?: string;
}

export interface UpstreamBody {
  contents: Content[];
  systemInstruction?: { parts: Part[] };
  tools?: ({ functionDeclarations: FunctionDeclaration[] } | { googleSearch: Record<string, never> })[];
  serviceTier?: 'flex' | 'priority';
  toolConfig?: {
    functionCallingConfig: { mode: `${FunctionCallingMode}` | 'VALIDATED'; allowedFunctionNames?: string[] };
  };
  generationConfig: Pick<
    GenerationConfig,
    | 'maxOutputTokens'
    | 'temperature'
    | 'topP'
    | 'topK'
    | 'stopSequences'
    | 'candidateCount'
    | 'presencePenalty'
    | 'frequencyPenalty'
    | 'responseMimeType'
  > & { seed?: number; responseJsonSchema?: Record<string, unknown>; thinkingConfig?: ThinkingConfig };
}
