# prepared: X_train y_train
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression, SGDClassifier
data = pd.read_csv('data/reviews.csv')
X_text, y = data['review'], (data['sentiment'] == 'positive').astype(int)
cv = CountVectorizer(lowercase=True, binary=False)
t_train, t_test, y_train, y_test = train_test_split(X_text, y, test_size=0.3, random_state=13)
X_train = cv.fit_transform(t_train)
X_test = cv.transform(t_test)
clf = SGDClassifier(loss='log', alpha=1e-3, max_iter=50, learning_rate='constant', eta0=0.05, random_state=1)
clf.fit(X_train, y_train)
print(clf.score(X_test, y_test))
