"""Distribution functions with `math` alone, for the commands that start without scipy; accurate to about 1e-10.

Each is one value of the regularised incomplete beta function, by its continued fraction (NIST DLMF 8.17.22).
"""

import math

_TINY = 1e-300


def _log_beta(a: float, b: float) -> float:
    """The logarithm of the beta function; by Stirling's series where the larger argument would lose digits."""
    a, b = min(a, b), max(a, b)
    if b < 1000 or a > 10:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
    correction = (1 / b - 1 / (a + b)) / 12 - (b**-3 - (a + b) ** -3) / 360
    return math.lgamma(a) + correction + a - a * math.log(a + b) + (b - 0.5) * math.log1p(-a / (a + b))


def _beta_fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function by Lentz's method, for x below (a + 1)/(a + b + 2)."""
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or _TINY)
    value = d
    for m in range(1, 100_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + term * d) or _TINY)
            c = (1 + term / c) or _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return value


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function I_x(a, b); a and b above 0."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    log_front = a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b)
    if x < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _beta_fraction(a, b, x) / a
    return 1 - math.exp(log_front) * _beta_fraction(b, a, 1 - x) / b


def binomial_cdf(k: int, n: int, p: float) -> float:
    """The probability of at most k successes in n trials."""
    return float(k >= n) if k < 0 or k >= n else incomplete_beta(n - k, k + 1, 1 - p)


def negative_binomial_tail(k: float, r: float, p: float) -> float:
    """The probability of more than k failures before the r-th success, r a real number: `nbinom.sf(k, r, p)`."""
    return 1.0 if k < 0 else incomplete_beta(math.floor(k) + 1, r, 1 - p)


def t_cdf(t: float, df: float) -> float:
    """The distribution function of Student's t."""
    return (1 + math.copysign(incomplete_beta(0.5, df / 2, t * t / (df + t * t)), t)) / 2


def t_quantile(probability: float, df: float) -> float:
    """The quantile of Student's t for a probability between 0 and 1, exclusive, by bisection."""
    if probability < 0.5:
        return -t_quantile(1 - probability, df)
    low, high = 0.0, 1.0
    while t_cdf(high, df) < probability:
        low, high = high, 2 * high
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_cdf(middle, df) < probability else (low, middle)
    return (low + high) / 2


def wilson(successes: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share, z standard errors to each side; n above 0."""
    share, square = successes / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(centre - reach, 0.0), min(centre + reach, 1.0)
