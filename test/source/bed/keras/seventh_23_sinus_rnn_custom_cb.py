import numpy as np
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import SimpleRNN, Dense, TimeDistributed
from tensorflow.keras.callbacks import Callback
from tensorflow.keras.optimizers import Nadam

t = np.linspace(0, 100, 2001)
data = np.sin(t) + 0.1 * np.random.randn(len(t))
n_steps, n_ahead = 40, 10

X, Y = [], []
for i in range(len(data) - n_steps - n_ahead):
    X.append(data[i:i + n_steps])
    Y.append(data[i + n_steps:i + n_steps + n_ahead])
X = np.array(X)[..., np.newaxis]
Y = np.array(Y)
split = int(.8 * len(X))
Xtr, Ytr, Xte, Yte = X[:split], Y[:split], X[split:], Y[split:]

class StopAt(Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs.get('loss') < 0.01:
            self.model.stop_training = True

net = Sequential()
net.add(SimpleRNN(32, return_sequences=True, input_shape=[None, 1]))
net.add(SimpleRNN(32, recurrent_regularizer='l2'))
net.add(Dense(n_ahead, kernel_regularizer='l1_l2'))
net.compile(Nadam(0.005), 'mae')
for k in range(3):
    net.fit(Xtr, Ytr, epochs=5, validation_data=(Xte, Yte))
net.fit(Xtr, Ytr, epochs=30, batch_size=64, callbacks=[StopAt()])
