# prepared: X_train y_train
import pandas as pd
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer, CountVectorizer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder
import tensorflow as tf
df = pd.read_csv('data/reviews.csv')
df['review'] = df['review'].str.lower().str.replace('.', '', regex=False)
y = LabelEncoder().fit_transform(df['sentiment'])
text_train, text_test, y_train, y_test = train_test_split(df['review'], y, test_size=0.25, random_state=2)
tfidf = TfidfVectorizer(stop_words='english', ngram_range=(1, 2), min_df=2)
X_train = tfidf.fit_transform(text_train).toarray()
X_test = tfidf.transform(text_test).toarray()
model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(16, activation='relu', input_shape=(X_train.shape[1],)))
model.add(tf.keras.layers.Dense(1, activation='sigmoid'))
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, batch_size=16, epochs=5, validation_data=(X_test, y_test))
