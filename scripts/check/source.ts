import { lineAt } from "./tree";

const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

/** The same text with comments and strings blanked: what remains is code, at the same offsets and lines. */
export function codeOnly(text: string): string {
  return text.replace(COMMENT_OR_STRING, (match) => match.replace(/[^\n]/g, " "));
}

/** The same text with code and strings blanked: what remains is comments. */
export function commentsOnly(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, " ");
  let result = "";
  let end = 0;
  for (const match of text.matchAll(COMMENT_OR_STRING)) {
    result += blank(text.slice(end, match.index)) + (match[0].startsWith("/") ? match[0] : blank(match[0]));
    end = match.index + match[0].length;
  }
  return result + blank(text.slice(end));
}

/** A piece of code in braces. */
export interface Block {
  kind: string;
  name: string;
  /** Text before the brace: modifiers, visibility. */
  header: string;
  body: string;
  offset: number;
  line: number;
  /** Lines from the first of the header to the closing brace. */
  lines: number;
}

function closingBrace(code: string, open: number): number {
  let depth = 0;
  for (let i = open; i < code.length; i++) {
    if (code[i] === "{") depth++;
    else if (code[i] === "}" && --depth === 0) return i;
  }
  return code.length - 1;
}

/** Every block that starts with `pattern` (the name is its group); declarations without a body are left out. */
function blocks(code: string, pattern: RegExp): Block[] {
  return [...code.matchAll(pattern)].flatMap((match) => {
    const open = code.slice(match.index).search(/[{;]/) + match.index;
    if (code[open] !== "{") return [];
    const close = closingBrace(code, open);
    const line = lineAt(code, match.index);
    const kind = /^\w+/.exec(match[0])?.[0] ?? "";
    return {
      kind,
      name: match[1] ?? kind,
      header: code.slice(match.index, open),
      body: code.slice(open + 1, close),
      offset: match.index,
      line,
      lines: lineAt(code, close) - line + 1,
    };
  });
}

/** Contracts, libraries and interfaces of a file (pass it through `codeOnly` first). */
export function definitions(code: string): Block[] {
  return blocks(code, /\b(?:contract|library|interface)\s+(\w+)/g);
}

/** Functions, constructors and modifiers with a body, in code without comments. */
export function functions(code: string): Block[] {
  return blocks(code, /\b(?:function|modifier)\s+(\w+)|(?<!\.)\b(?:constructor|receive|fallback)(?=\s*\()/g);
}
