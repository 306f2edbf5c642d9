/** The few files that pages load, under names that change with their content. */
import { encodeHex } from '@tegata/core/codec/hex';
import { sha256 } from '@tegata/core/crypto';
import { markFile } from './mark.ts';
import { stylesheet } from './stylesheet.ts';

export interface Asset {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

function asset(stem: string, extension: string, mediaType: string, content: string): Asset {
  return { name: `${stem}.${encodeHex(sha256(content)).slice(0, 16)}.${extension}`, mediaType, content };
}

export const styleAsset: Asset = asset('tegata', 'css', 'text/css; charset=utf-8', stylesheet);
export const markAsset: Asset = asset('mark', 'svg', 'image/svg+xml', markFile);
