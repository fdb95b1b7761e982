from sklearn.neural_network import MLPClassifier
X = [[0., 0.], [0., 1.], [1., 0.], [1., 1.]]
y = [0, 1, 1, 0]
clf = MLPClassifier(solver='adam', alpha=1e-5, hidden_layer_sizes=(5, 2), random_state=1, activation='tanh', max_iter=2000)
clf.fit(X, y)
print(clf.predict([[2., 2.], [-1., -2.]]))
