/** One picture of bytes, row-major, channels last. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** 0…255, `height * width * channels` of them. */
  readonly values: Uint8Array;
}

/** The sizes of a picture as NumPy would show them. */
export const pictureShape = ({ height, width, channels }: Picture): readonly number[] =>
  channels === 1 ? [height, width] : [height, width, channels];
