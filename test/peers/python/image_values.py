"""What the image processors do with the values of pixels, by NumPy. Images come and go as {"dtype", "shape", "data"}, in base64."""

import base64

import numpy as np

import agent


def image(packed):
    data = np.frombuffer(base64.b64decode(packed['data']), packed['dtype'])
    return data.reshape(packed['shape'])


def packed(array):
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {'dtype': str(array.dtype), 'shape': list(array.shape), 'data': data}


def stored(values, dtype):
    """Doubles, or integers of any size, as pixels of a type, and how many of them were clipped."""
    dtype = np.dtype(dtype)
    if dtype.kind == 'f':
        return np.array(values, 'f8').astype(dtype), 0
    low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    result, clipped = [], 0
    for value in values:
        if not isinstance(value, int):
            value = 0 if (lost := value != value) else (np.floor(value + 0.5))
            clipped += lost
            value = int(value) if np.isfinite(value) else (high + 1 if value > 0 else low - 1)
        clipped += value < low or value > high
        result.append(min(max(value, low), high))
    return np.array(result, dtype), clipped


def answer(values, shape, dtype):
    result, clipped = stored(values, dtype)
    return {'image': packed(result.reshape(shape)), 'clipped': int(clipped)}


def threshold(frame, level, mode, value):
    a = image(frame)
    with np.errstate(invalid='ignore'):
        if mode == 'below':
            result = np.where(a < level, a.dtype.type(value), a)
        elif mode == 'above':
            result = np.where(a > level, a.dtype.type(value), a)
        else:
            result = np.where(a >= level, a.dtype.type(value), a.dtype.type(0))
        return {'image': packed(result), 'reached': int((a >= level).sum())}


def dark_flat(frame, dark, flat, scale, rule, output):
    a, dark, flat = image(frame), image(dark).astype('f8'), image(flat).astype('f8')
    if a.ndim == 3 and dark.ndim == 2:
        dark, flat = dark[:, :, None], flat[:, :, None]
    with np.errstate(all='ignore'):
        light = flat - dark
        good = np.isfinite(light) & (light > 0)
        gain = np.where(good, scale / light, {'zero': 0, 'nan': np.nan, 'keep': 1}[rule])
        if a.dtype.itemsize <= 2 or a.dtype == 'float32':
            dark, gain = dark.astype('f4'), gain.astype('f4')
        is_narrow = a.dtype.kind in 'biu' and a.dtype.itemsize <= 2
        precision = 'f4' if is_narrow and output == 'float32' else 'f8'
        result = (a.astype(precision) - dark.astype(precision)) * gain.astype(precision)
        return answer(result.ravel().tolist(), a.shape, output)


def window(frames, n, output):
    """The mean of the last n up to each."""
    arrays = [image(frame).astype('f8') for frame in frames]
    with np.errstate(all='ignore'):
        means = [np.mean(arrays[max(0, i + 1 - n) : i + 1], axis=0) for i in range(len(arrays))]
    return [answer(mean.ravel().tolist(), mean.shape, output) for mean in means]


def exponential(frames, n, output):
    average, answers = None, []
    for count, frame in enumerate(frames, 1):
        a = image(frame).astype('f8')
        if average is None:
            average = np.full(a.shape, np.nan)
        with np.errstate(all='ignore'):
            moved = np.where(np.isnan(average), a, average + (a - average) * (1 / min(count, n)))
        average = np.where(np.isnan(a), average, moved)
        answers.append(answer(average.ravel().tolist(), a.shape, output))
    return answers


def total(frames, output):
    arrays = [image(frame) for frame in frames]
    if arrays[0].dtype.kind == 'f':
        sums = np.zeros(arrays[0].shape)
        with np.errstate(all='ignore'):
            for a in arrays:
                sums = sums + a
        return answer(sums.ravel().tolist(), sums.shape, output)
    sums = [sum(values) for values in zip(*(a.ravel().tolist() for a in arrays))]
    return answer(sums, arrays[0].shape, output)


def statistics(frame, threshold, low, high, size):
    a = image(frame)
    finite = a[np.isfinite(a)].astype('f8')
    filled = np.where(np.isfinite(a), a.astype('f8'), np.nan).reshape(a.shape[0], a.shape[1], -1)
    y_min, x_min = np.unravel_index(np.nanargmin(filled), filled.shape)[:2]
    y_max, x_max = np.unravel_index(np.nanargmax(filled), filled.shape)[:2]
    shift = float(finite[0])
    result = {
        'MinValue': finite.min(), 'MinX': x_min, 'MinY': y_min, 'MaxValue': finite.max(), 'MaxX': x_max, 'MaxY': y_max,
        'MeanValue': finite.mean(), 'Sigma': (finite - shift).std(), 'Total': finite.sum(), 'NotFinite': a.size - finite.size,
    }
    light = np.where(np.nan_to_num(filled, nan=-np.inf) >= threshold, filled, 0).sum(axis=2)
    mass = light.sum()
    if mass > 0:
        y, x = np.indices(light.shape)
        mean_x, mean_y = (light * x).sum() / mass, (light * y).sum() / mass
        moment = lambda p, q: (light * (x - mean_x) ** p * (y - mean_y) ** q).sum() / mass
        var_x, var_y, mixed = moment(2, 0), moment(0, 2), moment(1, 1)
        result |= {
            'CentroidTotal': mass, 'CentroidX': mean_x, 'CentroidY': mean_y, 'SigmaX': var_x**0.5, 'SigmaY': var_y**0.5,
            'SigmaXY': mixed / (var_x * var_y) ** 0.5, 'SkewX': moment(3, 0) / var_x**1.5, 'SkewY': moment(0, 3) / var_y**1.5,
            'KurtosisX': moment(4, 0) / var_x**2 - 3, 'KurtosisY': moment(0, 4) / var_y**2 - 3,
            'Eccentricity': ((var_x - var_y) ** 2 + 4 * mixed**2) / (var_x + var_y) ** 2,
            'Orientation': np.degrees(0.5 * np.arctan2(2 * mixed, var_x - var_y)),
        }
    values = a[~np.isnan(a)].astype('f8')
    inside = values[(values >= low) & (values <= high)]
    counts = np.bincount(np.floor((inside - low) * ((size - 1) / (high - low)) + 0.5).astype(int), minlength=size)
    result |= {'HistBelow': (values < low).sum(), 'HistAbove': (values > high).sum()}
    result['HistEntropy'] = -sum(c * np.log(c) for c in counts if c > 0) / a.size
    return {name: float(value) for name, value in result.items()} | {'Histogram': counts.tolist()}


def around(a, y, x, radius):
    ny, nx = a.shape
    for v in range(max(0, y - radius), min(ny, y + radius + 1)):
        for u in range(max(0, x - radius), min(nx, x + radius + 1)):
            if (v, u) != (y, x):
                yield v, u


def hot_pixels(frame, pixels, threshold):
    a = image(frame)
    planes = [a] if a.ndim == 2 else [a[:, :, c] for c in range(3)]
    results = [repaired(plane, pixels, threshold) for plane in planes]
    values = np.stack([result[0] for result in results], axis=-1).reshape(a.shape)
    return {'image': packed(values), 'hot': sum(r[1] for r in results), 'left': sum(r[2] for r in results)}


def repaired(a, pixels, threshold):
    values = a.tolist()
    hot = {(y, x) for x, y in pixels}
    if threshold is not None:
        for y, x in np.ndindex(a.shape):
            near = [values[v][u] for v, u in around(a, y, x, 1)]
            lower = sum(value < values[y][x] - threshold for value in near)
            if near and lower * 2 > len(near):
                hot.add((y, x))
    result, left = a.copy(), 0
    for y, x in hot:
        for radius in (1, 2, 3):
            near = sorted(values[v][u] for v, u in around(a, y, x, radius) if (v, u) not in hot and values[v][u] == values[v][u])
            if near:
                break
        if not near:
            left += 1
            continue
        low, high = near[(len(near) - 1) // 2], near[len(near) // 2]
        if low == high:
            result[y, x] = low
        else:
            result[y, x] = low / 2 + high / 2 if a.dtype.kind == 'f' else (low + high + 1) // 2
    return result, len(hot), left


agent.serve({
    'threshold': threshold, 'dark_flat': dark_flat, 'window': window, 'exponential': exponential, 'total': total,
    'statistics': statistics, 'hot_pixels': hot_pixels,
})
