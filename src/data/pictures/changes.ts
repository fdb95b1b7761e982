import { roundHalfEven } from '../../base/elementary';
import type { PictureChange } from '../../records/dataSources';
import type { Picture } from './picture';
import { resizePicture } from './resize';

/** The picture after torchvision's changes, one after the other. */
export const changedPicture = (picture: Picture, changes: readonly PictureChange[]): Picture => changes.reduce(changed, picture);

function changed(picture: Picture, change: PictureChange): Picture {
  switch (change.kind) {
    case 'resize':
      return resizePicture(picture, ...resizedTo(picture, change.size));
    case 'centerCrop':
      return centerCrop(picture, change.size);
    case 'grayscale':
      return grayscale(picture, change.channels);
  }
}

/** Height and width after torchvision's `Resize`: one number is the length of the shorter side. */
function resizedTo({ height, width }: Picture, size: readonly number[]): [number, number] {
  const [first = height, second] = size;
  if (second !== undefined) return [first, second];
  const [short, long] = height < width ? [height, width] : [width, height];
  const longer = Math.trunc((first * long) / short);
  return height < width ? [first, longer] : [longer, first];
}

/** The middle part, with black around it where the picture is too small. */
function centerCrop({ height, width, channels, values }: Picture, size: readonly number[]): Picture {
  const [newHeight = height, newWidth = newHeight] = size;
  const top = startOf(height, newHeight);
  const left = startOf(width, newWidth);
  const out = new Uint8Array(newHeight * newWidth * channels);
  for (let y = 0; y < newHeight; y++) {
    const from = y + top;
    if (from < 0 || from >= height) continue;
    const first = Math.max(0, -left);
    const end = Math.min(newWidth, width - left);
    if (end <= first) continue;
    const line = values.subarray((from * width + first + left) * channels, (from * width + end + left) * channels);
    out.set(line, (y * newWidth + first) * channels);
  }
  return { height: newHeight, width: newWidth, channels, values: out };
}

/** Where the middle part begins: Python rounds halves to even; padding puts the smaller half first. */
function startOf(length: number, wanted: number): number {
  if (wanted > length) return -Math.floor((wanted - length) / 2);
  return roundHalfEven((length - wanted) / 2);
}

/** Luma as Pillow's mode `L` (ITU-R 601-2), on one channel or the same on three. */
function grayscale({ height, width, channels, values }: Picture, wanted: 1 | 3): Picture {
  const count = height * width;
  const out = new Uint8Array(count * wanted);
  for (let at = 0; at < count; at++) {
    const [red, green, blue] = [0, 1, 2].map((c) => values[at * channels + Math.min(c, channels - 1)] as number) as [
      number,
      number,
      number,
    ];
    const luma = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
    out.fill(luma, at * wanted, (at + 1) * wanted);
  }
  return { height, width, channels: wanted, values: out };
}
