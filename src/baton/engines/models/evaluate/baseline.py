"""The simplest thing that works: TF-IDF over words and pairs with logistic regression."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline


def baseline(texts: Sequence[str], labels: Sequence[str], strength: float = 10.0) -> Pipeline:
    """Fitted on the same texts as the model it stands beside."""
    least = 2 if len(texts) > 2000 else 1
    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=least)
    return make_pipeline(vectors, LogisticRegression(C=strength, max_iter=300)).fit(list(texts), list(labels))


def chances(model: Pipeline, texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Chance of each class of the baseline, one row a text."""
    return np.asarray(model.predict_proba(list(texts)), dtype=np.float64)
