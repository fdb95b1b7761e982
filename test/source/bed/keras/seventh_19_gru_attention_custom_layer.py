import numpy as np
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Layer, Input, GRU, Bidirectional, Dense, Embedding, SpatialDropout1D
from tensorflow.keras.models import Model
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.preprocessing.sequence import pad_sequences
import pandas as pd

class Attention(Layer):
    def build(self, input_shape):
        self.W = self.add_weight(name='att_weight', shape=(input_shape[-1], 1), initializer='normal')
        self.b = self.add_weight(name='att_bias', shape=(input_shape[1], 1), initializer='zeros')
        super(Attention, self).build(input_shape)

    def call(self, x):
        et = K.squeeze(K.tanh(K.dot(x, self.W) + self.b), axis=-1)
        at = K.softmax(et)
        at = K.expand_dims(at, axis=-1)
        output = x * at
        return K.sum(output, axis=1)

df = pd.read_csv('train.csv')
texts = df['comment_text'].fillna('').values
labels = df[['toxic', 'severe_toxic', 'obscene', 'threat', 'insult', 'identity_hate']].values
MAX_LEN, MAX_WORDS = 150, 30000
tok = Tokenizer(num_words=MAX_WORDS, lower=True)
tok.fit_on_texts(list(texts))
X = pad_sequences(tok.texts_to_sequences(texts), maxlen=MAX_LEN)

inp = Input(shape=(MAX_LEN,))
x = Embedding(MAX_WORDS, 128)(inp)
x = SpatialDropout1D(0.2)(x)
x = Bidirectional(GRU(64, return_sequences=True))(x)
x = Attention()(x)
out = Dense(6, activation='sigmoid')(x)
model = Model(inp, out)
model.compile(loss='binary_crossentropy', optimizer=tf.keras.optimizers.Adam(learning_rate=1e-3, clipnorm=1.0), metrics=['AUC'])
model.fit(X, labels, batch_size=256, epochs=2, validation_split=0.1)
