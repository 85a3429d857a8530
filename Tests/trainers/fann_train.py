from fann2 import libfann

net = libfann.neural_net()
net.create_standard_array((2, 3, 1))
data = libfann.training_data()
data.set_train_data([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])
net.set_activation_function_hidden(libfann.SIGMOID_SYMMETRIC)
net.train_on_data(data, 50, 10, 0.0)
