/** The largest size with the shape of `image` that fits into `room`, at least one pixel each way. */
export function fit(
  image: { readonly width: number; readonly height: number },
  room: { readonly width: number; readonly height: number },
): { width: number; height: number } {
  const scale = Math.min(room.width / image.width, room.height / image.height);
  const size = (length: number, limit: number) => Math.max(1, Math.min(limit, Math.round(length * scale)));
  return { width: size(image.width, room.width), height: size(image.height, room.height) };
}
